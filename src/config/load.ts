import { readFileSync } from "node:fs";
import convict from "convict";
import { FlinchError, reasonOf } from "../errors.js";
import { readArguments } from "./arguments.js";
import { type AnyKey, isKey, type Tree } from "./key.js";
import { type Setting, settingsOfEnvironment, settingsOfObject } from "./layer.js";
import { environmentName, keysByPath } from "./paths.js";
import { type Config, keys } from "./schema/index.js";
import { checkTogether } from "./together.js";

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

function convictSchema(tree: Tree, prefix = ""): convict.Schema<unknown> {
  const entries = Object.entries(tree).map(([name, node]) => {
    const path = prefix + name;
    return [name, isKey(node) ? convictKey(node, path) : convictSchema(node, `${path}.`)];
  });
  return Object.fromEntries(entries) as convict.Schema<unknown>;
}

function convictKey(key: AnyKey, path: string): convict.SchemaObj {
  const format = (value: unknown) => {
    if (!key.accepts(value)) throw new Error(`must be ${key.allowed}`);
  };
  return {
    doc: key.doc,
    default: key.default,
    env: environmentName(path),
    sensitive: key.redact !== undefined,
    format,
  };
}

function readSettings(file: string): Iterable<Setting> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (thrown) {
    const problem = thrown instanceof SyntaxError ? "is not JSON" : "cannot be read";
    // Node's own messages name the path again, and a syntax error quotes the file, secrets included.
    const detail = thrown instanceof SyntaxError ? (/position \d+/.exec(thrown.message)?.[0] ?? "") : reasonOf(thrown);
    const where = detail === "" ? "" : ` (${detail})`;
    throw new FlinchError("CONFIG_UNREADABLE", `configuration file ${file} ${problem}${where}`, { cause: thrown });
  }
  return settingsOfObject(content, file);
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
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
  // Convict reads no environment or arguments itself: its conversions are lenient ("12abc" is 12) and do not say
  // where a value came from. It holds the values and has the last word on them.
  const store = convict<Record<string, unknown>>(convictSchema(keys) as convict.Schema<Record<string, unknown>>, {
    env: {},
    args: [],
  });
  const origins = new Map<string, string>([...keysByPath.keys()].map((path) => [path, "default"]));
  const layers = [
    ...[...files, ...commandLine.files].map(readSettings),
    settingsOfEnvironment(env),
    commandLine.settings,
  ];
  for (const { path, value, origin } of layers.flatMap((layer) => [...layer])) {
    store.set(path, value);
    origins.set(path, origin);
  }
  store.validate({ allowed: "strict" });
  const config = store.getProperties() as unknown as Config;
  checkTogether(config);
  deepFreeze(config);
  const { positionals, switches: given, options: valued } = commandLine;
  return { config, origins, positionals, switches: given, options: valued };
}
