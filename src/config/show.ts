import { configJsonSchema } from "./json-schema.js";
import { type AnyKey, isKey, type Tree } from "./key.js";
import { type ConfigInput, type LoadedConfig, loadConfig } from "./load.js";
import { type Config, keys } from "./schema/index.js";

function redactedKey(value: unknown, key: AnyKey): unknown {
  return typeof value === "string" && key.redact !== undefined ? key.redact(value) : value;
}

function redacted(values: Readonly<Record<string, unknown>>, tree: Tree): Record<string, unknown> {
  const entries = Object.entries(tree).map(([name, node]) => {
    const value = values[name];
    return [name, isKey(node) ? redactedKey(value, node) : redacted(value as Record<string, unknown>, node)];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** The configuration in force with its credentials hidden: for the log, for `config/reported` and for printing. */
export function redactedConfig(config: Config): Config {
  return redacted(config, keys) as unknown as Config;
}

/** `flinch config print`: the configuration in force as JSON that a `--config` file may hold; credentials are hidden. */
export function printConfig({ config }: LoadedConfig): string {
  return JSON.stringify(redactedConfig(config), undefined, 2);
}

/**
 * `flinch config check`: one line that says that the configuration is valid and what it sets.
 * @throws FlinchError as `loadConfig`
 */
export function checkConfig(input: ConfigInput): string {
  const { origins } = loadConfig(input);
  const set = [...origins.values()].filter((origin) => origin !== "default");
  const sources = [...new Set(set)].filter((origin) => !/^(argument|environment variable) /.test(origin));
  const from = sources.length === 0 ? "" : ` (files: ${sources.join(", ")})`;
  return `configuration is valid: ${set.length} of ${origins.size} keys set, the others at their defaults${from}`;
}

/** `flinch config schema`: the JSON Schema of a configuration file. */
export function printConfigSchema(): string {
  return JSON.stringify(configJsonSchema(), undefined, 2);
}
