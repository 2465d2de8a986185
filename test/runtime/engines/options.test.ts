import { readFileSync } from "node:fs";
import t from "tap";
import { buildOptions } from "../../../src/runtime/engines/options.js";
import { settings } from "./support/fakes.js";

type Kind = "bool" | "number" | "text";
const documented = JSON.parse(readFileSync("test/runtime/engines/tensorrt-options.json", "utf8")) as Record<
  Kind,
  string[]
>;
const shapes: Readonly<Record<Kind, RegExp>> = { bool: /^(True|False)$/, number: /^\d+$/, text: /./ };
const made = { ...settings("/var/lib/flinch", "python"), engineCacheDirectory: "/var/lib/flinch/engines" };

t.test("every option is one that ONNX Runtime documents, and of its kind, as Python writes it", async (t) => {
  for (const precision of ["fp16", "fp32"] as const) {
    for (const [name, value] of Object.entries(buildOptions(made, precision, "/work", "10.3.0.30"))) {
      const kind = (["bool", "number", "text"] as const).find((each) => documented[each].includes(name));
      if (kind === undefined) t.fail(`${name} is no documented option`);
      else t.match(value, shapes[kind], name);
    }
  }
});

t.test("what is wished for is what is asked for", async (t) => {
  t.match(buildOptions({ ...made, deviceId: 1 }, "fp16", "/work", "10.3.0.30"), {
    device_id: "1",
    trt_fp16_enable: "True",
    trt_layer_norm_fp32_fallback: "True",
    trt_max_workspace_size: String(64 * 1024 * 1024),
    trt_timing_cache_enable: "True",
    trt_timing_cache_path: "/var/lib/flinch/engines",
    trt_dump_ep_context_model: "True",
    trt_ep_context_file_path: "/work",
    trt_ep_context_embed_mode: "1",
  });
  t.match(buildOptions({ ...made, timingCache: false }, "fp32", "/work", "10.3.0.30"), {
    trt_fp16_enable: "False",
    trt_layer_norm_fp32_fallback: "False",
    trt_timing_cache_enable: "False",
  });
});

t.test("TensorRT 11 has no option for half precision: the graph has it, or not", async (t) => {
  for (const tensorrt of ["11.0.0.1", "11.4.1.10", "12.0"]) {
    t.match(buildOptions(made, "fp16", "/work", tensorrt), {
      trt_fp16_enable: "False",
      trt_layer_norm_fp32_fallback: "False",
    });
  }
});
