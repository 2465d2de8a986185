import t from "tap";
import { loadManifest, readModel } from "../../src/runtime/manifest.js";
import { InferenceSession } from "../../src/runtime/onnxruntime.js";
import { providersOfNodes } from "../../src/runtime/profile.js";
import { providerChain } from "../../src/runtime/providers.js";

const motion = readModel(loadManifest(), "motion");

t.test("behind a GPU provider stand those that take what it leaves", async (t) => {
  const names = (chain: ReturnType<typeof providerChain>) => chain.map((p) => (typeof p === "string" ? p : p.name));
  t.same(names(providerChain("tensorrt", 0)), ["tensorrt", "cuda", "cpu"]);
  t.same(names(providerChain("cuda", 0)), ["cuda", "cpu"]);
  t.same(names(providerChain("cpu", 0)), ["cpu"]);
});

t.test("a GPU provider gets the device's number and nothing else", async (t) => {
  t.same(providerChain("tensorrt", 1), [{ name: "tensorrt", deviceId: 1 }, { name: "cuda", deviceId: 1 }, "cpu"]);
});

t.test(
  "the Node binding passes over TensorRT's options without a word, and stops at an unknown provider",
  async (t) => {
    const open = (options: object) => InferenceSession.create(motion.bytes, { logSeverityLevel: 4, ...options });
    // The CPU's object stands in for TensorRT's: both are read by the one loop that knows name and deviceId alone.
    const session = await open({
      executionProviders: [{ name: "cpu", trt_fp16_enable: "1", trt_no_such_option: "1" }],
    });
    await session.release();
    await t.rejects(open({ executionProviders: ["no-such-provider"] }), /no-such-provider|unsupported|not found/i);
    await t.rejects(
      open({ executionProviders: [{ trt_fp16_enable: "1" }] }),
      /backend not found/,
      "a name it must have",
    );
  },
);

t.test("which provider runs a graph is counted by node, as it ran", async (t) => {
  const counts = await providersOfNodes(motion.bytes, ["cpu"]);
  t.same(Object.keys(counts), ["CPUExecutionProvider"]);
  t.ok((counts["CPUExecutionProvider"] ?? 0) > 5);
  await t.rejects(providersOfNodes(new Uint8Array(10), ["cpu"]));
});
