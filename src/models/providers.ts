import type { InferenceSession } from "onnxruntime-node";

export type ProviderName = "tensorrt" | "cuda" | "cpu";

/** Settings of the TensorRT provider, as in the configuration's section `recognition.tensorrt`. */
export interface TensorRtSettings {
  readonly fp16: boolean;
  readonly engineCacheDirectory: string;
  readonly timingCache: boolean;
  readonly workspaceMb: number;
  readonly deviceId: number;
}

/**
 * Options of ONNX Runtime's TensorRT provider, by its documented names (onnxruntime.ai, TensorRT Execution Provider).
 * The stock Node binding forwards `deviceId` alone (microsoft/onnxruntime issue 26854); a binding that forwards string
 * options, as built by scripts/jetson-setup.sh, takes the rest. `doctor` reports which of the two is in force.
 */
export function tensorRtOptions(settings: TensorRtSettings): Record<string, string | number> {
  return {
    name: "tensorrt",
    deviceId: settings.deviceId,
    trt_fp16_enable: settings.fp16 ? "1" : "0",
    // LayerNormalization overflows in fp16: TensorRT 8.5 splits the node and needs to be told.
    trt_layer_norm_fp32_fallback: settings.fp16 ? "1" : "0",
    trt_engine_cache_enable: "1",
    trt_engine_cache_path: settings.engineCacheDirectory,
    trt_timing_cache_enable: settings.timingCache ? "1" : "0",
    trt_timing_cache_path: settings.engineCacheDirectory,
    trt_max_workspace_size: String(settings.workspaceMb * 1024 * 1024),
  };
}

/** The execution providers of one attempt: a GPU provider leaves operators that it lacks to those behind it. */
export function providerChain(
  name: ProviderName,
  tensorrt: TensorRtSettings,
): InferenceSession.ExecutionProviderConfig[] {
  const cuda = { name: "cuda", deviceId: tensorrt.deviceId };
  switch (name) {
    case "tensorrt":
      return [tensorRtOptions(tensorrt) as unknown as InferenceSession.ExecutionProviderConfig, cuda, "cpu"];
    case "cuda":
      return [cuda, "cpu"];
    case "cpu":
      return ["cpu"];
  }
}
