import { bash, fish, zsh } from "@optique/core/completion";
import type { Parser } from "../config/command-line.js";
import type { Command, CommandContext } from "./command.js";
import type { SHELLS } from "./shells.js";
import { suggest } from "./suggestions.js";

type Shell = (typeof SHELLS)[number];

const SCRIPTS = { bash, zsh, fish } satisfies Record<Shell, typeof bash>;

/** `flinch completion SHELL`: the script that makes a shell ask `flinch complete`. */
export async function completion({ line, output }: CommandContext): Promise<number> {
  const shell = line.positionals[0] as Shell;
  output(SCRIPTS[shell].generateScript("flinch", ["complete", shell]).trim());
  return 0;
}

/** `flinch complete SHELL WORD…`: what the last word, which may be empty, could become. */
export function complete(program: Parser): Command {
  return async ({ line, output }) => {
    const [shell, ...words] = line.positionals;
    output([...SCRIPTS[shell as Shell].encodeSuggestions(await suggest(program, words))].join(""));
    return 0;
  };
}
