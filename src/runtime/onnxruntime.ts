/**
 * The one place that loads ONNX Runtime. Since 1.30 its packages for Linux send telemetry to Microsoft, and leave a
 * device's id and logs among the temporary files, unless this is set before they load.
 */
import { createRequire } from "node:module";
import type * as OnnxRuntime from "onnxruntime-node";

process.env["ORT_DISABLE_TELEMETRY"] = "1";

const { env, InferenceSession, Tensor } = createRequire(import.meta.url)("onnxruntime-node") as typeof OnnxRuntime;
type InferenceSession = OnnxRuntime.InferenceSession;
type Tensor = OnnxRuntime.Tensor;
/** Where a graph runs, with its options. */
type ExecutionProvider = OnnxRuntime.InferenceSession.ExecutionProviderConfig;

export { type ExecutionProvider, env, InferenceSession, Tensor };
