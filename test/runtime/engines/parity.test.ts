import t from "tap";
import { clipShapeOf, compareEngines, madeUpClip, PARITY_BOUND } from "../../../src/runtime/engines/parity.js";
import { CPU_ONLY, Graph } from "../../../src/runtime/graph.js";
import { loadManifest, readModel } from "../../../src/runtime/manifest.js";
import type { Tensor } from "../../../src/runtime/onnxruntime.js";

const open = (key: string) => Graph.open(readModel(loadManifest(), key), { ...CPU_ONLY, threads: 2 });
const model = await open("hsta");
t.teardown(() => model.close());
const shape = clipShapeOf(model.model.entry);

t.test("the same weights are within the bound, and others far beyond it", async (t) => {
  const apart = async (key: string) => {
    const graph = await open(key);
    t.teardown(() => graph.close());
    return (await compareEngines(graph, model, shape)).probability;
  };
  t.ok((await apart("hsta")) < PARITY_BOUND / 100);
  const other = await apart("hsta-research");
  t.ok(other > 10 * PARITY_BOUND, `other weights ${other}`);
});

t.test("made-up clips are the same again, move, and differ from each other", async (t) => {
  const [first, again, second] = [madeUpClip(shape, 0), madeUpClip(shape, 0), madeUpClip(shape, 1)];
  const bytes = (tensor: Tensor) => Buffer.from(tensor.data as Uint8Array);
  t.ok(bytes(first.frames).equals(bytes(again.frames)));
  t.notOk(bytes(first.frames).equals(bytes(second.frames)));
  const [onset, apex] = [0, 1].map((i) =>
    bytes(first.special)
      .subarray((i * first.special.data.length) / 2)
      .subarray(0, first.special.data.length / 2),
  );
  t.notOk(apex !== undefined && onset?.equals(apex));
  t.same(first.frames.dims, [1, shape.frames, shape.size, shape.size, 3]);
});
