import { FlinchError } from "../errors.js";
import { nearest } from "../nearest.js";
import { checked, fromText, type Setting, unknownKey } from "./layer.js";
import { keysByPath } from "./paths.js";

/** A command line, taken apart. */
export interface CommandLine {
  readonly settings: readonly Setting[];
  /** The files after `--config`, in order. */
  readonly files: readonly string[];
  /** The switches that the command knows and that were given. */
  readonly switches: ReadonlySet<string>;
  /** Name → value of the options that the command knows and that were given, the last where there are several. */
  readonly options: ReadonlyMap<string, string>;
  /** What is no option: a command's own arguments. */
  readonly positionals: readonly string[];
}

/**
 * Reads `--config FILE`, `--<key> VALUE` or `--<key>=VALUE` for every configuration key, and the command's switches
 * and options.
 * A key of true or false may stand alone for true. After `--` all is positional.
 * @param switches names, without dashes, of options that take no value
 * @param options names, without dashes, of the command's own options that take one
 * @throws FlinchError CONFIG_INVALID for an unknown option or a wrong value, USAGE for a missing value
 */
export function readArguments(
  argv: readonly string[],
  switches: readonly string[] = [],
  options: readonly string[] = [],
): CommandLine {
  const settings: Setting[] = [];
  const files: string[] = [];
  const given = new Set<string>();
  const valued = new Map<string, string>();
  const positionals: string[] = [];
  const rest = [...argv];
  while (rest.length > 0) {
    const argument = rest.shift() ?? "";
    if (argument === "--") {
      positionals.push(...rest);
      break;
    }
    if (!argument.startsWith("--")) {
      positionals.push(argument);
      continue;
    }
    const equals = argument.indexOf("=");
    const name = argument.slice(2, equals === -1 ? undefined : equals);
    if (switches.includes(name) && equals === -1) {
      given.add(name);
      continue;
    }
    const origin = `argument --${name}`;
    const key = keysByPath.get(name);
    if (key === undefined && name !== "config" && !options.includes(name)) {
      const meant = nearest(name, ["config", ...switches, ...options, ...keysByPath.keys()]);
      throw unknownKey(`--${name}`, "command line", meant === undefined ? undefined : `--${meant}`);
    }
    const isFlag = typeof key?.default === "boolean";
    let value = equals === -1 ? undefined : argument.slice(equals + 1);
    if (value === undefined && isFlag && typeof key.parse(rest[0] ?? "") !== "boolean") value = "true";
    // A value never begins with "--": `--source.uri --source.loop` is a forgotten value, not a file's name.
    if (value === undefined && rest[0] !== undefined && !rest[0].startsWith("--")) value = rest.shift();
    if (value === undefined) throw new FlinchError("USAGE", `--${name} needs a value: --${name}=VALUE`);
    if (key !== undefined) settings.push(checked(fromText(name, value, origin)));
    else if (name === "config") files.push(value);
    else valued.set(name, value);
  }
  return { settings, files, switches: given, options: valued, positionals };
}
