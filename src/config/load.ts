import { readFileSync } from "node:fs";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { writtenText } from "../lib/written-text.js";
import { readArguments } from "./arguments.js";
import type { CommandLine } from "./command-line.js";
import { type Setting, settingsOfEnvironment, settingsOfObject } from "./layer.js";
import { configOf } from "./overlay.js";
import { keysByPath } from "./paths.js";
import type { Config } from "./schema/index.js";

export interface ConfigInput {
  /** What stood on the command line. */
  readonly line?: Pick<CommandLine, "settings" | "files">;
  /** The same, where it has not been taken apart yet. */
  readonly argv?: readonly string[];
  /** Environment variables; those that begin with FLINCH_ are read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** JSON files, the later over the earlier; those of `--config` come after them. */
  readonly files?: readonly string[];
}

export interface LoadedConfig {
  readonly config: Config;
  /** Where each key's value comes from, by its dotted path: "default", a file's path, a variable or an argument. */
  readonly origins: ReadonlyMap<string, string>;
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
export function loadConfig({ argv = [], line = readArguments(argv), env = {}, files = [] }: ConfigInput): LoadedConfig {
  const origins = new Map<string, string>([...keysByPath.keys()].map((path) => [path, "default"]));
  const layers = [...[...files, ...line.files].map(readSettings), settingsOfEnvironment(env), line.settings];
  const settings = layers.flatMap((layer) => [...layer]);
  for (const { path, origin } of settings) origins.set(path, origin);
  const config = configOf(settings);
  return { config, origins };
}
