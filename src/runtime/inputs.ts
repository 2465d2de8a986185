import type { ModelEntry } from "./manifest.js";
import { type InferenceSession, Tensor } from "./onnxruntime.js";

/** What goes into a graph, as a manifest declares it. */
export interface GraphInput {
  readonly name: string;
  readonly type: "uint8" | "float32";
  /** A side that varies is no number. */
  readonly shape: readonly (number | string)[];
}

/** ONNX Runtime before 1.22 (JetPack 6.0) tells the names of a graph's inputs and nothing else of them. */
type Session = Pick<InferenceSession, "inputNames"> & {
  readonly inputMetadata?: InferenceSession["inputMetadata"];
};

/**
 * Input of a session that is nothing but zeros; 1 for a side that varies.
 * @param declared the graph's entry in its manifest, for what ONNX Runtime itself does not tell
 * @throws Error where an input is no tensor, or neither of them tells of it
 */
export function zeros(session: Session, declared: Partial<ModelEntry>): Record<string, Tensor> {
  return Object.fromEntries(inputsOf(session, declared).map((input) => [input.name, zeroTensor(input)]));
}

function inputsOf({ inputMetadata, inputNames }: Session, declared: Partial<ModelEntry>): GraphInput[] {
  if (inputMetadata === undefined) return inputNames.map((name) => declaredInput(name, declared));
  return inputMetadata.map((input) => {
    if (!input.isTensor) throw new Error(`input ${input.name} is no tensor`);
    return { ...input, type: input.type === "uint8" ? "uint8" : "float32" };
  });
}

function declaredInput(name: string, { inputs }: Partial<ModelEntry>): GraphInput {
  const listed: readonly Partial<GraphInput>[] = Array.isArray(inputs) ? inputs : [];
  const found = listed.find((input) => input?.name === name);
  if (!Array.isArray(found?.shape)) {
    throw new Error(`this ONNX Runtime does not tell the shape of input ${name}, nor does the manifest`);
  }
  return { name, type: found.type === "uint8" ? "uint8" : "float32", shape: found.shape };
}

function zeroTensor({ type, shape }: GraphInput): Tensor {
  const sides = shape.map((side) => (typeof side === "number" ? side : 1));
  const length = sides.reduce((product, side) => product * side, 1);
  return type === "uint8"
    ? new Tensor("uint8", new Uint8Array(length), sides)
    : new Tensor("float32", new Float32Array(length), sides);
}
