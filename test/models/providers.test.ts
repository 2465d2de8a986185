import t from "tap";
import { providerChain, tensorRtOptions } from "../../src/models/providers.js";

const settings = { fp16: true, engineCacheDirectory: "var/engines", timingCache: true, workspaceMb: 1024, deviceId: 1 };

t.test("TensorRT gets its options by their documented names, as text", async (t) => {
  t.same(tensorRtOptions(settings), {
    name: "tensorrt",
    deviceId: 1,
    trt_fp16_enable: "1",
    trt_layer_norm_fp32_fallback: "1",
    trt_engine_cache_enable: "1",
    trt_engine_cache_path: "var/engines",
    trt_timing_cache_enable: "1",
    trt_timing_cache_path: "var/engines",
    trt_max_workspace_size: "1073741824",
  });
});

t.test("in full precision nothing falls back from half", async (t) => {
  const options = tensorRtOptions({ ...settings, fp16: false, timingCache: false, workspaceMb: 16 });
  t.match(options, {
    trt_fp16_enable: "0",
    trt_layer_norm_fp32_fallback: "0",
    trt_timing_cache_enable: "0",
    trt_max_workspace_size: "16777216",
  });
});

t.test("behind a GPU provider stand those that take what it leaves", async (t) => {
  const names = (chain: ReturnType<typeof providerChain>) => chain.map((p) => (typeof p === "string" ? p : p.name));
  t.same(names(providerChain("tensorrt", settings)), ["tensorrt", "cuda", "cpu"]);
  t.same(names(providerChain("cuda", settings)), ["cuda", "cpu"]);
  t.same(names(providerChain("cpu", settings)), ["cpu"]);
  t.match(providerChain("cuda", settings)[0], { deviceId: 1 });
});
