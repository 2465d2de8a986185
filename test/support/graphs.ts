import { CPU_ONLY, Graph } from "../../src/runtime/graph.js";
import { loadManifest, type ModelEntry, readModel } from "../../src/runtime/manifest.js";

/** A shipped graph, on the CPU. */
export const openGraph = (key: string): Promise<Graph> => Graph.open(readModel(loadManifest(), key), CPU_ONLY);

/** What the shipped manifest says of a graph. */
export function shippedEntry(key: string): ModelEntry {
  const entry = loadManifest().models[key];
  if (entry === undefined) throw new Error(`no model '${key}'`);
  return entry;
}

/** The motion graph's regions, in its order, as the manifest has them: centre and radii in fractions of the crop. */
export function motionRegions(): { name: string; x: number; y: number; rx: number; ry: number }[] {
  return shippedEntry("motion")["regions"] as ReturnType<typeof motionRegions>;
}
