import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { loadManifest, SHIPPED_MANIFEST } from "../../src/runtime/manifest.js";
import { shippedEntry } from "./graphs.js";
import { constantGraph, type Values } from "./onnx.js";

/** What the model of `saidModels` says of every clip: by its emotions negative, by its valence head positive. */
export const said = {
  probabilities: {
    others: 0.05,
    disgust: 0.125,
    surprise: 0.05,
    fear: 0.05,
    anger: 0.5,
    sad: 0.05,
    happy: 0.05,
    none: 0.125,
  },
  valence: { positive: 0.75, surprise: 0.0625, negative: 0.1875 },
  actionUnits: { AU4: 0.81251, AU12: 0.03, AU24: 0.5 },
  attention: { shape: [1, 2, 2], values: [0.5004, 0.25, 0.125, 0.1246] },
} as const;

export type Head = "valence" | "actionUnits" | "attention";

const row = (values: Readonly<Record<string, number>>): Values => ({
  shape: [1, Object.keys(values).length],
  values: Object.values(values),
});

/**
 * Writes a manifest like the shipped one, whose recogniser says the same of every clip, and has these heads.
 * @param changes keys of its manifest entry that are not as the graph has them
 * @returns the manifest's path
 */
export function saidModels(
  directory: string,
  heads: readonly Head[] = ["valence", "actionUnits", "attention"],
  changes: Readonly<Record<string, unknown>> = {},
): string {
  const { valences: _, actionUnits: __, attention: ___, ...shipped } = shippedEntry("hsta") as Record<string, unknown>;
  const side = shipped["size"] as number;
  const inputs = { frames: [1, shipped["frames"] as number, side, side, 3], special: [1, 2, side, side, 3] };
  const { probabilities, valence, actionUnits, attention } = said;
  const has = (head: Head) => heads.includes(head);
  const graph = constantGraph(inputs, {
    probabilities: row(probabilities),
    ...(has("valence") && { valence: row(valence) }),
    ...(has("actionUnits") && { action_units: row(actionUnits) }),
    ...(has("attention") && { attention: { shape: [1, ...attention.shape], values: attention.values } }),
  });
  const others = Object.entries(loadManifest().models).map(([key, entry]) => {
    return [key, { ...entry, file: relative(directory, resolve(SHIPPED_MANIFEST, "..", entry.file)) }];
  });
  const hsta = {
    ...shipped,
    file: "said.onnx",
    name: "said",
    sha256: createHash("sha256").update(graph).digest("hex"),
    bytes: graph.length,
    labels: Object.keys(probabilities),
    ...(has("valence") && { valences: Object.keys(valence) }),
    ...(has("actionUnits") && { actionUnits: Object.keys(actionUnits).map((unit) => unit.slice("AU".length)) }),
    ...(has("attention") && { attention: attention.shape }),
    ...changes,
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "said.onnx"), graph);
  writeFileSync(
    join(directory, "manifest.json"),
    JSON.stringify({ schema: 1, models: { ...Object.fromEntries(others), hsta } }),
  );
  return join(directory, "manifest.json");
}
