import { readFileSync } from "node:fs";
import t from "tap";
import { Alignment } from "../../src/face/alignment.js";
import type { CropLayout } from "../../src/stream/crop-layout.js";
import { applySimilarity, type Point, pointsToCrop, rows } from "../../src/stream/geometry.js";
import { deviation, Random } from "../support/random.js";

const layout: CropLayout = { size: 112, leftEye: [0.32, 0.36], rightEye: [0.68, 0.36] };
const inCrop: [Point, Point] = [
  { x: 35.84, y: 40.32 },
  { x: 76.16, y: 40.32 },
];
/** Eyes 80 px apart, moved by so much. */
const eyesAt = (x: number, y: number): [Point, Point] => [
  { x: 280 + x, y: 200 + y },
  { x: 360 + x, y: 200 + y },
];
const middle: Point = { x: 320, y: 200 };

t.test("the first frame puts the eyes where the layout wants them", async (t) => {
  const eyes: [Point, Point] = [
    { x: 281, y: 190 },
    { x: 355, y: 212 },
  ];
  const toCrop = new Alignment(layout).update(eyes, 0);
  for (const i of [0, 1] as const) {
    const { x, y } = applySimilarity(toCrop, eyes[i]);
    t.ok(Math.hypot(x - inCrop[i].x, y - inCrop[i].y) < 1e-6);
  }
});

t.test("jitter of 0.3 px in the eyes hardly reaches the crop", async (t) => {
  const alignment = new Alignment(layout);
  const random = new Random(2);
  const held: Point[] = [];
  const bare: Point[] = [];
  for (let i = 0; i < 240; i++) {
    const eyes = eyesAt(0, 0).map(({ x, y }) => ({ x: x + 0.3 * random.normal(), y: y + 0.3 * random.normal() }));
    const transform = alignment.update(eyes as [Point, Point], (i * 1000) / 60);
    if (i < 60) continue;
    // The mouth: far from the eyes, so that jitter of the angle and of the scale counts too.
    const mouth = { x: 320, y: 285 };
    held.push(applySimilarity(transform, mouth));
    bare.push(applySimilarity(pointsToCrop(eyes as [Point, Point], inCrop), mouth));
  }
  for (const axis of ["x", "y"] as const) {
    const [after, before] = [held, bare].map((points) => deviation(points.map((p) => p[axis])));
    t.ok((after ?? 1) < 0.4 * (before ?? 0), `${axis}: ${after} px, without smoothing ${before} px`);
  }
});

t.test("a shift of the head is followed within 0.3 s", async (t) => {
  for (const fps of [30, 60, 200]) {
    const alignment = new Alignment(layout);
    const at = (ms: number) => (ms < 500 ? 0 : 40);
    let late = 0;
    for (let ms = 0; ms <= 800; ms += 1000 / fps) {
      const transform = alignment.update(eyesAt(at(ms), 0), ms);
      late = applySimilarity(transform, { x: middle.x + at(ms), y: middle.y }).x - 56;
    }
    // 40 px are 20 px of the crop.
    t.ok(Math.abs(late) < 1.5, `at ${fps} fps ${late} px of 20 are left`);
  }
});

t.test("a head that comes nearer and tilts is followed", async (t) => {
  const alignment = new Alignment(layout);
  const eyes: [Point, Point] = [
    { x: 270, y: 180 },
    { x: 366, y: 222 },
  ];
  let transform = alignment.update(eyesAt(0, 0), 0);
  for (let ms = 20; ms <= 2000; ms += 20) transform = alignment.update(eyes, ms);
  for (const i of [0, 1] as const) {
    const { x, y } = applySimilarity(transform, eyes[i]);
    t.ok(Math.hypot(x - inCrop[i].x, y - inCrop[i].y) < 0.5, `${x}, ${y}`);
  }
});

t.test("crops wander as those that the model was trained on", async (t) => {
  // Written by the Python twin: `python -m flinch_train.data.sim.alignment`.
  const file = new URL("../data/alignment-twin.json", import.meta.url);
  const record: { timesMs: number[]; eyes: [number, number][][]; crops: [number, number, number][][] } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const alignment = new Alignment(layout);
  for (const [i, timeMs] of record.timesMs.entries()) {
    const eyes = record.eyes[i]?.map(([x, y]) => ({ x, y })) as [Point, Point];
    const [[a, , tx], [b, , ty]] = rows(alignment.update(eyes, timeMs));
    const [[wantedA, , wantedTx], [wantedB, , wantedTy]] = record.crops[i] as [
      [number, number, number],
      [number, number, number],
    ];
    const off = Math.max(
      ...[a - wantedA, b - wantedB].map((d) => 100 * Math.abs(d)),
      ...[tx - wantedTx, ty - wantedTy].map(Math.abs),
    );
    t.ok(off < 0.01, `at ${timeMs.toFixed(0)} ms the crop is ${off} px off`);
  }
});
