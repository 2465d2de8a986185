import { test } from "tap";
import { openBenchGraph } from "../../src/runtime/bench-graph.js";

test("a graph of bench/ opens by its name, without a manifest", async (t) => {
  const graph = await openBenchGraph("lbp");
  t.teardown(() => graph.close());
  t.same(graph.outputShapes, { histograms: [36, 59] });
  t.equal(graph.provider, "cpu");
});

test("a graph that is not in bench/ is missing", async (t) => {
  await t.rejects(openBenchGraph("nothing"), { code: "MODEL_MISSING", message: /nothing\.onnx/ });
});
