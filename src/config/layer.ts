import { FlinchError } from "../lib/errors.js";
import { nearest } from "../lib/nearest.js";
import type { AnyKey, Tree } from "./key.js";
import { isKey } from "./key.js";
import { environmentName, keysByPath } from "./paths.js";
import { keys } from "./schema/index.js";
import { unknownKey } from "./unknown-key.js";

/** One value and where it was written. */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
  /** For a person: a file's path, an environment variable, an argument. */
  readonly origin: string;
}

/** A value as it may be shown to a person: without credentials, not too long. */
export function shown(value: unknown, key: AnyKey): string {
  const written = JSON.stringify(value) ?? String(value);
  const safe = key.redact?.(written) ?? written;
  return safe.length > 120 ? `${safe.slice(0, 117)}…` : safe;
}

/**
 * Holds a setting against its key.
 * @throws FlinchError CONFIG_INVALID, naming the key, the value, what is allowed and where it was written
 */
export function checked(setting: Setting): Setting {
  const key = keysByPath.get(setting.path);
  if (key === undefined) throw unknownKey(setting.path, setting.origin, nearest(setting.path, keysByPath.keys()));
  if (key.accepts(setting.value)) return setting;
  throw new FlinchError(
    "CONFIG_INVALID",
    `${setting.origin}: ${setting.path} must be ${key.allowed}, but is ${shown(setting.value, key)}`,
  );
}

/** The settings of an object as a configuration file holds it. A `$schema` beside the sections is for editors. */
export function* settingsOfObject(
  content: unknown,
  origin: string,
  tree: Tree = keys,
  prefix = "",
): Generator<Setting> {
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    const what = prefix === "" ? "the configuration" : prefix.slice(0, -1);
    throw new FlinchError(
      "CONFIG_INVALID",
      `${origin}: ${what} must be an object of keys, but is ${JSON.stringify(content)?.slice(0, 60)}`,
    );
  }
  for (const [name, value] of Object.entries(content)) {
    const path = prefix + name;
    if (path === "$schema") continue;
    const node = Object.hasOwn(tree, name) ? tree[name] : undefined;
    if (node === undefined) throw unknownKey(path, origin, nearest(path, keysByPath.keys()));
    if (isKey(node)) yield checked({ path, value, origin });
    else yield* settingsOfObject(value, origin, node, `${path}.`);
  }
}

/** The settings among environment variables: all that begin with FLINCH_, so that a misspelt one is not overlooked. */
export function* settingsOfEnvironment(env: Readonly<Record<string, string | undefined>>): Generator<Setting> {
  const byName = new Map([...keysByPath.keys()].map((path) => [environmentName(path), path]));
  for (const [name, written] of Object.entries(env)) {
    if (written === undefined || !name.startsWith("FLINCH_")) continue;
    const path = byName.get(name);
    if (path === undefined) throw unknownKey(name, "environment", nearest(name, byName.keys()));
    yield checked(fromText(path, written, `environment variable ${name}`));
  }
}

/** A setting from text, as arguments and environment variables give it. */
export function fromText(path: string, written: string, origin: string): Setting {
  const key = keysByPath.get(path);
  return { path, value: key === undefined ? written : key.parse(written), origin };
}
