import { createHash } from "node:crypto";
import t from "tap";
import { CPU_ONLY, floats, Graph, type GraphOptions } from "../../src/runtime/graph.js";
import { loadManifest, type Model, readModel } from "../../src/runtime/manifest.js";
import { Tensor } from "../../src/runtime/onnxruntime.js";
import type { ProviderName } from "../../src/runtime/providers.js";

const motion = readModel(loadManifest(), "motion");
const on = (...providers: ProviderName[]): GraphOptions => ({ ...CPU_ONLY, providers });

t.test("garbage with the right hash is no graph", async (t) => {
  const bytes = Buffer.alloc(4096, 7);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const path = `${t.testdir({ "bad.onnx": bytes, "m.json": "" })}/m.json`;
  const model: Model = readModel(
    { path, models: { bad: { file: "bad.onnx", sha256, bytes: 4096, name: "bad" } } },
    "bad",
  );
  await t.rejects(Graph.open(model, on("cpu")), { code: "MODEL_UNUSABLE", message: /cannot run .*bad\.onnx \(cpu: / });
  const refused = { code: "MODEL_UNUSABLE", message: /^(?!.*add 'cpu')/ };
  await t.rejects(Graph.open(model, on("tensorrt", "cpu")), refused, "with the CPU among others too");
});

t.test("an empty file is no graph", async (t) => {
  const model: Model = { ...motion, path: "empty.onnx", bytes: new Uint8Array() };
  await t.rejects(Graph.open(model, on("cpu")), { code: "MODEL_UNUSABLE", message: /empty\.onnx/ });
});

t.test("a graph runs, again after others have run, and closes", async (t) => {
  const graph = await Graph.open(motion, CPU_ONLY);
  t.equal(graph.provider, "cpu");
  t.same(graph.fallBacks, []);
  const feeds = {
    reference: new Tensor("float32", new Float32Array(56 * 56), [1, 1, 56, 56]),
    current: new Tensor("uint8", new Uint8Array(112 * 112 * 3).fill(90), [1, 112, 112, 3]),
  };
  const [first, second] = await Promise.all([graph.run(feeds), graph.run(feeds)]);
  t.same(floats(first, "gram"), floats(second, "gram"), "two runs at once do not disturb each other");
  t.throws(() => floats(first, "nothing"), { code: "MODEL_UNUSABLE", message: /'nothing'/ });
  await t.rejects(graph.run({}), /reference|current|input/i);
  await graph.close();
});

t.test("a provider that is not there gives way to the next, and says why", async (t) => {
  const graph = await Graph.open(motion, on("tensorrt", "cuda", "cpu"));
  t.teardown(() => graph.close());
  const tried = graph.fallBacks.map(({ provider }) => provider);
  t.same([...tried, graph.provider], ["tensorrt", "cuda", "cpu"].slice(0, tried.length + 1));
  t.equal(graph.provider, "cpu", { skip: graph.provider !== "cpu" && `this machine has ${graph.provider}` });
  for (const { reason } of graph.fallBacks) t.match(reason, /^[^\n]+$/, "one line");
});

t.test("without the CPU among the providers there may be none", async (t) => {
  const opened = await Graph.open(motion, on("tensorrt")).catch((thrown: unknown) => thrown);
  const there = opened instanceof Graph;
  if (there) await opened.close();
  const refusal = { code: "PROVIDER_UNAVAILABLE", message: /tensorrt: .*add 'cpu' to recognition\.providers/ };
  t.match(opened, refusal, { skip: there && "this machine has TensorRT" });
});
