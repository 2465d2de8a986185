import type { ExecutionProvider } from "./onnxruntime.js";

export type ProviderName = "tensorrt" | "cuda" | "cpu";

/**
 * The execution providers of one attempt: a GPU provider leaves operators that it lacks to those behind it. The Node
 * binding hands TensorRT and CUDA the device's number and nothing else (microsoft/onnxruntime,
 * js/node/src/session_options_helper.cc, and issue 26854): what else TensorRT must know is inside its engine.
 */
export function providerChain(name: ProviderName, deviceId: number): ExecutionProvider[] {
  const cuda = { name: "cuda", deviceId };
  switch (name) {
    case "tensorrt":
      return [{ name: "tensorrt", deviceId }, cuda, "cpu"];
    case "cuda":
      return [cuda, "cpu"];
    case "cpu":
      return ["cpu"];
  }
}
