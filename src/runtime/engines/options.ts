import type { Precision } from "./engine.js";

/** From this major version on an engine computes in its graph's own types: half precision is the graph's, not an option. */
const TYPED_FROM = 11;

/** @param tensorrt its version, such as "10.3.0.30" */
export const isTyped = (tensorrt: string): boolean => Number.parseInt(tensorrt, 10) >= TYPED_FROM;

/** Settings of TensorRT, as in the configuration's section `recognition.tensorrt`. */
export interface TensorRtSettings {
  /** Build in half precision. */
  readonly fp16: boolean;
  readonly engineCacheDirectory: string;
  readonly timingCache: boolean;
  readonly workspaceMb: number;
  readonly deviceId: number;
  /** Python interpreter whose `onnxruntime` is of the same build as the Node binding. */
  readonly python: string;
  /** "ahead": only `flinch warm` builds; "background": the daemon does too, beside its work. */
  readonly build: "ahead" | "background";
}

/**
 * Options of ONNX Runtime's TensorRT provider that make an engine, by the names of `OrtTensorRTProviderOptionsV2`
 * (test/runtime/engines/tensorrt-options.json). Python takes them all; the Node binding none but the device's number.
 * @param directory absolute; where the engine is written, as `…_ctx.onnx`
 * @param tensorrt its version
 */
export function buildOptions(
  settings: TensorRtSettings,
  precision: Precision,
  directory: string,
  tensorrt: string,
): Record<string, string> {
  const half = precision === "fp16" && !isTyped(tensorrt);
  // Python wants these words, where C++ wants 1 and 0.
  const yes = (wanted: boolean) => (wanted ? "True" : "False");
  return {
    device_id: String(settings.deviceId),
    trt_fp16_enable: yes(half),
    // LayerNormalization overflows in half precision: TensorRT 8.5 splits the node and needs to be told.
    trt_layer_norm_fp32_fallback: yes(half),
    trt_max_workspace_size: String(settings.workspaceMb * 1024 * 1024),
    trt_timing_cache_enable: yes(settings.timingCache),
    // Without the key: timings serve every engine of this machine.
    trt_timing_cache_path: settings.engineCacheDirectory,
    trt_dump_ep_context_model: yes(true),
    trt_ep_context_file_path: directory,
    // The engine inside the model, so that one file is all there is to keep, to hash and to open from memory.
    trt_ep_context_embed_mode: "1",
  };
}
