import { readFileSync } from "node:fs";
import t from "tap";
import { openBenchGraph } from "../../src/runtime/bench-graph.js";
import { zeros } from "../../src/runtime/inputs.js";
import { loadManifest, readModel } from "../../src/runtime/manifest.js";
import { InferenceSession, type Tensor } from "../../src/runtime/onnxruntime.js";

const shapesOf = (feeds: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(feeds).map(([name, { type, dims }]) => [name, { type, dims }]));

t.test("what is declared of every shipped graph is what ONNX Runtime finds in it", async (t) => {
  const manifest = loadManifest();
  const models = Object.keys(manifest.models).map((key) => readModel(manifest, key));
  for (const name of ["frame-difference", "lbp", "mdmd", "sgemm"]) {
    const graph = await openBenchGraph(name);
    models.push(graph.model);
    await graph.close();
  }
  for (const { key, entry, path } of models) {
    const session = await InferenceSession.create(readFileSync(path), { logSeverityLevel: 4 });
    const { inputNames } = session;
    t.same(shapesOf(zeros({ inputNames }, entry)), shapesOf(zeros(session, {})), key);
    await session.release();
  }
});

t.test("what ONNX Runtime tells comes before what is declared; a side that varies is 1", async (t) => {
  const told = [{ name: "x", isTensor: true, type: "float32", shape: ["batch", 3] }] as const;
  const session = { inputNames: ["x"], inputMetadata: told };
  const declared = { inputs: [{ name: "x", type: "uint8", shape: [9] }] };
  t.same(shapesOf(zeros(session, declared)), { x: { type: "float32", dims: [1, 3] } });
  t.throws(() => zeros({ inputNames: ["x"], inputMetadata: [{ name: "x", isTensor: false }] }, {}), /x is no tensor/);
});

t.test("an input of which nobody tells is named", async (t) => {
  const session = { inputNames: ["x"] };
  for (const inputs of [undefined, "x", [null], [{ name: "y", shape: [1] }], [{ name: "x" }]]) {
    t.throws(() => zeros(session, { inputs }), /does not tell the shape of input x, nor does the manifest/);
  }
});
