import { isObject } from "../lib/json-payload.js";
import { type AnyKey, isKey, type Tree } from "./key.js";
import { keys } from "./schema/index.js";

function* walk(tree: Tree, prefix: string): Generator<readonly [string, AnyKey]> {
  for (const [name, node] of Object.entries(tree)) {
    if (isKey(node)) yield [prefix + name, node];
    else yield* walk(node, `${prefix}${name}.`);
  }
}

/** Every key by its dotted path, in the order of the schema. */
export const keysByPath: ReadonlyMap<string, AnyKey> = new Map(walk(keys, ""));

/** The environment variable of a key: source.stallMs is FLINCH_SOURCE_STALL_MS. */
export function environmentName(path: string): string {
  return `FLINCH_${path
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(".", "_")
    .toUpperCase()}`;
}

/** What lies at a dotted path of a tree of objects; undefined where nothing does. */
export function valueAt(tree: unknown, path: string): unknown {
  return path.split(".").reduce((node, name) => (isObject(node) ? node[name] : undefined), tree);
}
