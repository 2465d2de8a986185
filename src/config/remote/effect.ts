import { isDeepStrictEqual } from "node:util";
import type { Config } from "../index.js";
import { keysByPath, valueAt } from "../paths.js";

/** What it takes for a key's new value to count: nothing, another run of the pipeline, or another start of the process. */
export type Effect = "live" | "pipeline" | "process";

/** Sections that a watch takes from the configuration it is opened with. */
const PIPELINE_SECTIONS = ["source", "face", "clip", "spotting", "recognition"];

export function effectOf(path: string): Effect {
  if (keysByPath.get(path)?.live) return "live";
  return PIPELINE_SECTIONS.some((section) => path.startsWith(`${section}.`)) ? "pipeline" : "process";
}

/** The keys whose values differ, in the order of the schema. */
export function changedKeys(before: Config, after: Config): string[] {
  return [...keysByPath.keys()].filter((path) => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)));
}
