import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CPU_ONLY, Graph } from "../../models/graph.js";

/** Opens a graph of bench/: it is ours and no model, so the manifest does not know it. */
export function openBenchGraph(name: string): Promise<Graph> {
  const path = fileURLToPath(new URL(`../../../bench/${name}.onnx`, import.meta.url));
  const bytes = readFileSync(path);
  return Graph.open({ key: name, entry: { file: path, sha256: "", bytes: bytes.length, name }, path, bytes }, CPU_ONLY);
}
