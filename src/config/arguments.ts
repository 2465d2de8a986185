import { type CommandLine, KeyOption, Parser } from "./command-line.js";
import type { AnyKey } from "./key.js";
import { checked, fromText } from "./layer.js";
import { keysByPath } from "./paths.js";

/** The words that a key takes, where they are few. */
function choicesOf({ default: value, json }: AnyKey): string[] | undefined {
  if (typeof value === "boolean") return ["true", "false"];
  const { enum: words } = { ...json, ...(json["items"] as AnyKey["json"] | undefined) };
  return Array.isArray(words) ? words.map(String) : undefined;
}

function optionOf(name: string, key: AnyKey): KeyOption {
  const read = (text: string) => checked(fromText(name, text, `argument --${name}`));
  const isFlag = typeof key.default === "boolean";
  const standsAloneBefore = (word: string) => isFlag && typeof key.parse(word) !== "boolean";
  return new KeyOption(name, key.doc, read, standsAloneBefore, key.path, choicesOf(key));
}

/** Gives a parser an option for every key of the configuration: `--<key> VALUE`, `--<key>=VALUE`, for flags `--<key>`. */
export function addKeys(parser: Parser): void {
  for (const [path, key] of keysByPath) parser.addOption(optionOf(path, key));
}

/**
 * Reads `--config FILE` and the keys of the configuration, and what else the parser has been told of.
 * After `--` all is positional.
 * @throws FlinchError CONFIG_INVALID for an unknown option or a wrong value, USAGE for a missing value
 */
export function readArguments(argv: readonly string[], parser = new Parser("flinch")): CommandLine {
  addKeys(parser.takeConfiguration());
  parser.parse(argv, { from: "user" });
  return parser.line();
}
