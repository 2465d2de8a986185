import { readFileSync } from "node:fs";
import t from "tap";
import { ClipBuffer } from "../../src/pipeline/clip-buffer.js";
import { hstaEntry } from "../../src/recognition/hsta-entry.js";
import { Recogniser } from "../../src/recognition/recogniser.js";
import { floats } from "../../src/runtime/graph.js";
import { Tensor } from "../../src/runtime/onnxruntime.js";
import { openGraph } from "../support/graphs.js";

interface Parity {
  readonly inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly start: number }>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly tolerance: number;
}

const graph = await openGraph("hsta");
t.teardown(() => graph.close());
const recogniser = new Recogniser(graph, hstaEntry(graph.model.entry));
const { frames, layout, labels } = recogniser.entry;
const bytes = layout.size ** 2 * 3;

/** What the training's export ran through PyTorch: bytes by a formula, in the file's own words. */
const parity = readParity("test/data/hsta-parity.json");

function readParity(file: string): Parity {
  return JSON.parse(readFileSync(file, "utf8")) as Parity;
}

function parityInputs(): Record<string, Tensor> {
  const tensors = Object.entries(parity.inputs).map(([name, { shape, start }]): [string, Tensor] => {
    const length = shape.reduce((product, side) => product * side, 1);
    const data = Uint8Array.from({ length }, (_, i) => Math.imul(start + i, 2654435761) >>> 24);
    return [name, new Tensor("uint8", data, shape)];
  });
  return Object.fromEntries(tensors);
}

const apart = (p: ArrayLike<number>, q: ArrayLike<number>) =>
  Math.max(...Array.from(p, (value, i) => Math.abs(value - (q[i] ?? Number.NaN))));

t.test("the graph computes what PyTorch computed", async (t) => {
  const outputs = await graph.run(parityInputs());
  // The weights are stored in half precision.
  t.ok(parity.tolerance <= 2e-3);
  t.same(Object.keys(parity.outputs).sort(), Object.keys(outputs).sort());
  for (const [name, wanted] of Object.entries(parity.outputs)) {
    const found = floats(outputs, name);
    t.equal(found.length, wanted.length, name);
    const distance = apart(found, wanted);
    t.ok(distance <= parity.tolerance, `${name} ${distance} apart`);
  }
});

t.test("a verdict has every label in the model's order, and sums to 1", async (t) => {
  const verdict = await recogniser.classify(parityInputs());
  t.same(Object.keys(verdict.probabilities), labels);
  t.ok(sumsToOne(verdict.probabilities));
  t.ok(sumsToOne(verdict.valence));
  t.same(await recogniser.classify(parityInputs()), verdict, "and is the same the second time");
});

t.test("the heads that the manifest promises speak, and no other", async (t) => {
  const { valence, actionUnits, attention } = await recogniser.classify(parityInputs());
  t.same(Object.keys(valence).sort(), ["negative", "positive", "surprise"]);
  t.same(
    actionUnits && Object.keys(actionUnits),
    recogniser.entry.actionUnits?.map((unit) => `AU${unit}`),
  );
  t.ok(Object.values(actionUnits ?? {}).every((p) => p >= 0 && p <= 1));
  t.same(attention?.shape, recogniser.entry.attention);
  t.ok(attention === undefined || sumsToOne(attention.values));
  const size = attention?.shape.reduce((product, side) => product * side, 1);
  t.equal(attention?.values.length, size);
});

function sumsToOne(probabilities: Readonly<Record<string, number>> | Float32Array): boolean {
  const values = Object.values<number>(probabilities);
  return values.every((p) => p >= 0 && p <= 1) && Math.abs(values.reduce((sum, p) => sum + p, 0) - 1) < 1e-4;
}

/** A clip whose crop i, taken at 10 i ms, is full of i. */
function countedClip(count: number, spanMs = 1000): ClipBuffer {
  const clip = new ClipBuffer(spanMs, 200, bytes);
  for (let i = 0; i < count; i++) clip.push(10 * i, new Uint8Array(bytes).fill(i));
  return clip;
}

/** The values of each crop of a tensor: one, where packing mixed nothing up. */
const valuesOf = (tensor: Tensor | undefined) => {
  const data = tensor?.data as Uint8Array;
  return Array.from({ length: data.length / bytes }, (_, i) => [...new Set(data.subarray(i * bytes, (i + 1) * bytes))]);
};

t.test("a clip is packed from onset to offset, with onset and apex beside", async (t) => {
  const packed = recogniser.pack(countedClip(80), { onsetMs: 100, apexMs: 270, offsetMs: 600 });
  t.same(packed?.["frames"]?.dims, [1, frames, layout.size, layout.size, 3]);
  t.same(packed?.["special"]?.dims, [1, 2, layout.size, layout.size, 3]);
  const even = Array.from({ length: frames }, (_, i) => [Math.round(10 + (50 * i) / (frames - 1))]);
  t.same(valuesOf(packed?.["frames"]), even);
  t.same(valuesOf(packed?.["special"]), [[10], [27]]);
});

t.test("moments between frames, and beyond the last, take the nearest", async (t) => {
  const packed = recogniser.pack(countedClip(21), { onsetMs: 104, apexMs: 156, offsetMs: 260 });
  t.same(valuesOf(packed?.["special"]), [[10], [16]]);
  t.same(valuesOf(packed?.["frames"]).at(-1), [20]);
});

t.test("what is packed stays while the buffer moves on", async (t) => {
  const clip = countedClip(80);
  const packed = recogniser.pack(clip, { onsetMs: 100, apexMs: 270, offsetMs: 600 });
  const before = valuesOf(packed?.["frames"]);
  for (let i = 80; i < 400; i++) clip.push(10 * i, new Uint8Array(bytes).fill(255));
  t.same(valuesOf(packed?.["frames"]), before);
});

t.test("a clip whose onset has left the buffer is not packed", async (t) => {
  t.equal(recogniser.pack(countedClip(80, 300), { onsetMs: 100, apexMs: 270, offsetMs: 600 }), undefined);
  t.equal(recogniser.pack(new ClipBuffer(300, 60, bytes), { onsetMs: 0, apexMs: 1, offsetMs: 2 }), undefined);
});
