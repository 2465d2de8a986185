import mergePatch from "json-merge-patch";
import { isObject, type JsonObject } from "../../lib/json-payload.js";
import { nearest } from "../../lib/nearest.js";
import { type AnyKey, isKey, type Tree } from "../key.js";
import { type Setting, shown } from "../layer.js";
import { keysByPath, valueAt } from "../paths.js";
import { keys } from "../schema/index.js";
import { quoted } from "./document.js";
import type { RefusedKey } from "./refusal.js";

/** More than these help nobody, and a hostile document would name thousands. */
const MAX_REFUSED = 20;

/**
 * What of a patch may not be set over MQTT: keys that do not exist, keys that are set on the device only, and values
 * that are not allowed. Empty where all of it may.
 */
export function refusedKeys(patch: JsonObject): RefusedKey[] {
  const refused: RefusedKey[] = [];
  for (const one of judge(patch, keys, "")) {
    refused.push(one);
    if (refused.length === MAX_REFUSED) break;
  }
  return refused;
}

function* judge(patch: JsonObject, tree: Tree, prefix: string): Generator<RefusedKey> {
  for (const [name, value] of Object.entries(patch)) {
    const node = Object.hasOwn(tree, name) ? tree[name] : undefined;
    if (node === undefined) yield unknown(prefix + name);
    else if (isKey(node)) yield* judgeKey(prefix + name, node, value);
    else yield* judgeSection(prefix + name, node, value);
  }
}

function* judgeKey(path: string, key: AnyKey, value: unknown): Generator<RefusedKey> {
  if (!key.remote) yield { key: path, reason: LOCAL };
  // null takes a value back, and is always allowed.
  else if (value !== null && !key.accepts(value)) {
    yield { key: path, reason: `must be ${key.allowed}, but is ${shown(value, key)}` };
  }
}

function* judgeSection(path: string, tree: Tree, value: unknown): Generator<RefusedKey> {
  if (isObject(value)) yield* judge(value, tree, `${path}.`);
  else if (value !== null) yield { key: path, reason: "is a section: an object of keys, or null to take all back" };
  else if (!hasRemote(tree)) yield { key: path, reason: LOCAL };
}

const LOCAL = "is set on the device only";

function hasRemote(tree: Tree): boolean {
  return Object.values(tree).some((node) => (isKey(node) ? node.remote : hasRemote(node)));
}

function unknown(path: string): RefusedKey {
  const word = quoted(path).slice(1, -1);
  const meant = path.length > 100 ? undefined : nearest(path, keysByPath.keys());
  return { key: word, reason: meant === undefined ? "there is no such key" : `there is no such key; ${meant}?` };
}

/**
 * The settings of several patches, the later over the earlier (RFC 7396): null takes back what an earlier one set.
 * Every patch must be free of refused keys.
 */
export function settingsOfPatches(patches: readonly JsonObject[]): Setting[] {
  const merged = patches.reduce<JsonObject>((under, patch) => apply(under, patch), {});
  return [...keysByPath].flatMap(([path]) => {
    const value = valueAt(merged, path);
    return value === undefined ? [] : [{ path, value, origin: "remote configuration" }];
  });
}

function apply(target: JsonObject, patch: JsonObject): JsonObject {
  // The library writes into its target.
  return mergePatch.apply(structuredClone(target), structuredClone(patch)) as JsonObject;
}
