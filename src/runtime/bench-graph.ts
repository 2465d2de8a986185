import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { CPU_ONLY, Graph, type GraphOptions } from "./graph.js";
import type { GraphInput } from "./inputs.js";

const PICTURE = { type: "uint8", shape: [1, 112, 112, 3] } as const;
const MATRIX = { type: "float32", shape: [768, 768] } as const;

/** What these graphs take: they are in no manifest. */
const INPUTS: Readonly<Record<string, readonly GraphInput[]>> = {
  "frame-difference": [
    { name: "before", ...PICTURE },
    { name: "after", ...PICTURE },
  ],
  lbp: [{ name: "crop", ...PICTURE }],
  mdmd: [
    { name: "head", ...PICTURE },
    { name: "current", ...PICTURE },
    { name: "tail", ...PICTURE },
  ],
  sgemm: [
    { name: "A", ...MATRIX },
    { name: "B", ...MATRIX },
  ],
};

/**
 * Opens `bench/NAME.onnx`: a yardstick or a baseline, which no manifest lists because no daemon runs it.
 * @throws FlinchError MODEL_MISSING if it is not there, or what `Graph.open` throws.
 */
export async function openBenchGraph(name: string, options: GraphOptions = CPU_ONLY): Promise<Graph> {
  const path = fileURLToPath(new URL(`../../bench/${name}.onnx`, import.meta.url));
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    throw new FlinchError("MODEL_MISSING", `'${name}' is missing: ${path} (${reasonOf(thrown)}); restore it`);
  }
  const entry = { file: path, sha256: "", bytes: bytes.length, name, inputs: INPUTS[name] };
  return Graph.open({ key: name, entry, path, bytes }, options);
}
