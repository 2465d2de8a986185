import { isDeepStrictEqual } from "node:util";
import type { Config } from "../index.js";
import type { Effect } from "../key.js";
import { keysByPath, valueAt } from "../paths.js";

/** What it takes for a new value of the key at this path to count. */
export function effectOf(path: string): Effect {
  return keysByPath.get(path)?.effect ?? "process";
}

/** The keys whose values differ, in the order of the schema. */
export function changedKeys(before: Config, after: Config): string[] {
  return [...keysByPath.keys()].filter((path) => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)));
}
