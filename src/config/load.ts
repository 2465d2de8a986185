import { readFileSync } from "node:fs";
import { FlinchError, reasonOf } from "../errors.js";
import { writtenText } from "../written-text.js";
import { readArguments } from "./arguments.js";
import { type Setting, settingsOfEnvironment, settingsOfObject } from "./layer.js";
import { configOf } from "./overlay.js";
import { keysByPath } from "./paths.js";
import type { Config } from "./schema/index.js";

export interface ConfigInput {
  /** Arguments after the command's name. */
  readonly argv?: readonly string[];
  /** Environment variables; those that begin with FLINCH_ are read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** JSON files, the later over the earlier; those of `--config` come after them. */
  readonly files?: readonly string[];
  /** Options of the command that take no value, without dashes. */
  readonly switches?: readonly string[];
  /** Options of the command that take a value, without dashes. */
  readonly options?: readonly string[];
}

export interface LoadedConfig {
  readonly config: Config;
  /** Where each key's value comes from, by its dotted path: "default", a file's path, a variable or an argument. */
  readonly origins: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
  readonly switches: ReadonlySet<string>;
  readonly options: ReadonlyMap<string, string>;
}

function readSettings(file: string): Iterable<Setting> {
  let content: unknown;
  try {
    content = JSON.parse(writtenText(readFileSync(file)));
  } catch (thrown) {
    const problem = thrown instanceof SyntaxError ? "is not JSON" : "cannot be read";
    // Node's own messages name the path again, and a syntax error quotes the file, secrets included.
    const detail = thrown instanceof SyntaxError ? (/position \d+/.exec(thrown.message)?.[0] ?? "") : reasonOf(thrown);
    const where = detail === "" ? "" : ` (${detail})`;
    throw new FlinchError("CONFIG_UNREADABLE", `configuration file ${file} ${problem}${where}`, { cause: thrown });
  }
  return settingsOfObject(content, file);
}

/**
 * Puts the configuration together: defaults, then files, environment variables and arguments, the later over the earlier.
 * @throws FlinchError CONFIG_INVALID for an unknown key, a value that is not allowed or values that contradict each
 * other; CONFIG_UNREADABLE for a file that cannot be read; USAGE for an argument without its value
 */
export function loadConfig({
  argv = [],
  env = {},
  files = [],
  switches = [],
  options = [],
}: ConfigInput): LoadedConfig {
  const commandLine = readArguments(argv, switches, options);
  const origins = new Map<string, string>([...keysByPath.keys()].map((path) => [path, "default"]));
  const layers = [
    ...[...files, ...commandLine.files].map(readSettings),
    settingsOfEnvironment(env),
    commandLine.settings,
  ];
  const settings = layers.flatMap((layer) => [...layer]);
  for (const { path, origin } of settings) origins.set(path, origin);
  const config = configOf(settings);
  const { positionals, switches: given, options: valued } = commandLine;
  return { config, origins, positionals, switches: given, options: valued };
}
