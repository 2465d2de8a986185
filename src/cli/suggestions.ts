import type { ShellCompletion } from "@optique/core/completion";
import type { Argument, Option } from "commander";
import { KeyOption, type Parser } from "../config/command-line.js";
import { prepare } from "./prepare.js";

/** A word, or files for the shell to look for. */
export type Suggestion = Parameters<ShellCompletion["encodeSuggestions"]>[0][number];

/** How descriptions name what is a path: `--report <FILE.html>` takes a file of that kind. */
const PATHS: Readonly<Record<string, "file" | "directory">> = {
  FILE: "file",
  VIDEO: "file",
  DOCUMENT: "file",
  PRIVATE: "file",
  DIR: "directory",
  TUNING_DIR: "directory",
};

/** Where the cursor stands. */
interface Place {
  readonly command: Parser;
  /** How many arguments of the command precede. */
  readonly preceding: number;
  /** The option whose value comes next. */
  readonly open: Option | undefined;
  /** After `--`. */
  readonly literal: boolean;
}

/** What the last of the words on a command line could become, the words before it being as they are. */
export async function suggest(program: Parser, words: readonly string[]): Promise<Suggestion[]> {
  const current = words.at(-1) ?? "";
  const { command, preceding, open, literal } = await placeAfter(program, words.slice(0, -1));
  if (open !== undefined) return valuesOf(open, current);
  if (!literal && current.startsWith("-")) {
    const [, prefix, name, value = ""] = /^((--[^=]+)=)(.*)$/s.exec(current) ?? [];
    if (prefix === undefined) return optionsOf(command, current);
    const option = command.options.find(({ long }) => long === name);
    return option === undefined ? [] : valuesOf(option, value, prefix);
  }
  if (command.commands.length > 0) return preceding === 0 ? commandsOf(command, current) : [];
  const { registeredArguments: all } = command;
  const argument = all[preceding] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  if (argument !== undefined) return valuesOf(argument, current);
  return literal || current !== "" ? [] : optionsOf(command, current);
}

/** Follows the words into the command that they call. */
async function placeAfter(program: Parser, words: readonly string[]): Promise<Place> {
  let command = program;
  let preceding = 0;
  let open: Option | undefined;
  let literal = false;
  for (const word of words) {
    const option = command.options.find(({ long }) => long === word);
    if (open !== undefined) open = undefined;
    else if (literal) preceding++;
    else if (word === "--") literal = true;
    else if (option !== undefined) open = takesNext(option) ? option : undefined;
    else if (!word.startsWith("-") || word === "-") {
      const chosen = command.commands.find((candidate) => candidate.name() === word) as Parser | undefined;
      if (chosen === undefined) preceding++;
      // `flinch help analyze` goes the way of `flinch analyze`.
      else if (word !== "help") command = chosen;
      if (chosen !== undefined) await prepare(chosen);
    }
  }
  return { command, preceding, open, literal };
}

function takesNext(option: Option): boolean {
  return option.optional && !(option instanceof KeyOption && option.standsAloneBefore(""));
}

function literals(words: Iterable<readonly [word: string, about: string]>, current: string): Suggestion[] {
  return [...words]
    .filter(([word]) => word.startsWith(current))
    .map(([text, about]) => ({ kind: "literal", text, description: [{ type: "text", text: about }] }));
}

function commandsOf(command: Parser, current: string): Suggestion[] {
  const visible = command.createHelp().visibleCommands(command);
  return literals(
    visible.map((each) => [each.name(), each.description()]),
    current,
  );
}

function optionsOf(command: Parser, current: string): Suggestion[] {
  const options = [...command.options, ...command.createHelp().visibleOptions(command)];
  const words = new Map(options.map(({ long, description }) => [long ?? "", description]));
  return literals(words, current);
}

/** What an option or an argument may be; `prefix` is what stands before it in the same word. */
function valuesOf(what: Option | Argument, current: string, prefix = ""): Suggestion[] {
  if (what.argChoices !== undefined)
    return literals(
      what.argChoices.map((choice) => [`${prefix}${choice}`, ""]),
      `${prefix}${current}`,
    );
  const written = "flags" in what ? (/<(.*)>/.exec(what.flags)?.[1] ?? "") : what.name();
  const [name = "", extension] = written.split(".", 2);
  const type = what instanceof KeyOption ? what.path : PATHS[name];
  if (type === undefined) return [];
  const file = { kind: "file", type, pattern: `${prefix}${current}`, prefix, includeHidden: false } as const;
  return [extension === undefined ? file : { ...file, extensions: [`.${extension}`] }];
}
