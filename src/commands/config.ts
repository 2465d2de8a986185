import { checkConfig, loadConfig, printConfig, printConfigSchema, renderConfigDocs } from "../config/index.js";
import { FlinchError } from "../errors.js";
import type { CommandContext } from "./command.js";
import { signedDocument } from "./config-sign.js";

/** `flinch config print|check|schema|sign|docs`; `docs` writes the page docs/configuration.md. */
export async function config({ argv, env, output }: CommandContext): Promise<number> {
  const [what, ...rest] = argv;
  const input = { argv: rest, env };
  switch (what) {
    case "print":
      output(printConfig(loadConfig(input)));
      return 0;
    case "check":
      output(checkConfig(input));
      return 0;
    case "schema":
      output(printConfigSchema());
      return 0;
    case "sign":
      output(signedDocument(rest, env));
      return 0;
    case "docs":
      output(renderConfigDocs().trimEnd());
      return 0;
    default:
      throw new FlinchError(
        "USAGE",
        "usage: flinch config print|check|schema|docs|sign [--config FILE] [--KEY=VALUE …]",
      );
  }
}
