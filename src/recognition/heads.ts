import type { Content } from "../contract/index.js";
import { type ReportLevel, valences } from "../contract/index.js";
import { FlinchError } from "../lib/errors.js";
import type { HstaEntry } from "./hsta-entry.js";

/** Of the configuration's section `recognition`, what decides what events say. */
export interface ReportSettings {
  readonly report: ReportLevel;
  readonly attention: boolean;
}

const contents: Readonly<Record<ReportLevel, readonly Content[]>> = {
  emotion: ["emotion", "valence", "action_units", "attention"],
  valence: ["valence", "attention"],
  action_units: ["action_units", "attention"],
  motion: [],
};

/** What events say of an expression under these settings, with a model that has these heads. */
export function contentsOf(entry: HstaEntry, { report, attention }: ReportSettings): Content[] {
  return contents[report].filter((content) => {
    if (content === "action_units") return entry.actionUnits !== undefined;
    return content !== "attention" || attention;
  });
}

/**
 * Refuses a report that the model cannot give. At the level "emotion" a model without action units is good enough.
 * @param key the model's name in the manifest
 * @throws FlinchError MODEL_HEAD naming what is missing and the key that asks for it
 */
export function requireHeads(entry: HstaEntry, { report, attention }: ReportSettings, key: string): void {
  const missing = (setting: string, head: string, otherwise: string): never => {
    throw new FlinchError(
      "MODEL_HEAD",
      `${setting} needs a model with ${head} in its manifest entry, and '${key}' has none; ${otherwise}, or choose another recognition.model`,
    );
  };
  const summed = valences.every((valence) => Object.values(entry.valence).includes(valence));
  if (report === "valence" && entry.valences === undefined && !summed)
    missing("recognition.report valence", "valences", "set recognition.report to motion");
  if (report === "action_units" && entry.actionUnits === undefined)
    missing("recognition.report action_units", "actionUnits", "set recognition.report to motion");
  if (attention && report !== "motion" && entry.attention === undefined)
    missing("recognition.attention", "attention", "set it to false");
}

/** Output of the graph → its shape, as the manifest's entry has it. */
function outputShapes(entry: HstaEntry): Readonly<Record<string, readonly number[]>> {
  const { labels, valences: order, actionUnits, attention } = entry;
  return {
    probabilities: [1, labels.length],
    ...(order && { valence: [1, order.length] }),
    ...(actionUnits && { action_units: [1, actionUnits.length] }),
    ...(attention && { attention: [1, ...attention] }),
  };
}

/**
 * Holds what a graph gave on its first run against its manifest entry.
 * @param found output → its shape
 * @throws FlinchError MODEL_UNUSABLE naming the first output that is missing or of another shape
 */
export function checkOutputs(entry: HstaEntry, found: Readonly<Record<string, readonly number[]>>, file: string): void {
  for (const [name, wanted] of Object.entries(outputShapes(entry))) {
    const is = found[name];
    if (is?.join() === wanted.join()) continue;
    const what = is === undefined ? "is missing" : `is of shape [${is.join(", ")}]`;
    throw new FlinchError(
      "MODEL_UNUSABLE",
      `${file}: output '${name}' ${what}, but its manifest entry means [${wanted.join(", ")}]; export the model and its entry again`,
    );
  }
}
