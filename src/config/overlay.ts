import convict from "convict";
import { type AnyKey, isKey, type Tree } from "./key.js";
import { type Setting, settingsOfObject } from "./layer.js";
import { environmentName } from "./paths.js";
import { type Config, keys } from "./schema/index.js";
import { checkTogether } from "./together.js";

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

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}

/**
 * The configuration of defaults and settings, the later over the earlier, frozen.
 * @throws FlinchError CONFIG_INVALID for values that contradict each other
 */
export function configOf(settings: Iterable<Setting>): Config {
  // Convict reads no environment or arguments itself: its conversions are lenient ("12abc" is 12) and do not say
  // where a value came from. It holds the values and has the last word on them.
  const store = convict<Record<string, unknown>>(convictSchema(keys) as convict.Schema<Record<string, unknown>>, {
    env: {},
    args: [],
  });
  for (const { path, value } of settings) store.set(path, value);
  store.validate({ allowed: "strict" });
  const config = store.getProperties() as unknown as Config;
  checkTogether(config);
  deepFreeze(config);
  return config;
}

/** Some sections of a configuration, and some keys of each. */
export type PartialConfig = DeepPartial<Config>;

type DeepPartial<T> = T extends readonly unknown[] | string | number | boolean | null
  ? T
  : { readonly [K in keyof T]?: DeepPartial<T[K]> };

/**
 * The configuration of defaults and an object such as a configuration file holds, frozen.
 * @param origin where the object was written, for a person
 * @throws FlinchError CONFIG_INVALID for an unknown key, a value that is not allowed, or values that contradict others
 */
export function configFrom(content: PartialConfig, origin: string): Config {
  return configOf(settingsOfObject(content, origin));
}

/**
 * A configuration with some of its values replaced, as one unit.
 * @throws FlinchError CONFIG_INVALID for an unknown key, a value that is not allowed, or values that contradict others
 */
export function overlay(base: Config, settings: readonly Setting[]): Config {
  return configOf([...settingsOfObject(base, "local configuration"), ...settings]);
}
