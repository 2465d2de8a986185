import t from "tap";
import { FaceDetector } from "../../src/face/detector.js";
import { type FaceSettings, FaceStage } from "../../src/face/face-stage.js";
import { eyeCentres, LandmarkFitter } from "../../src/face/landmarks.js";
import { FaceTrack } from "../../src/face/track.js";
import { hstaEntry } from "../../src/recognition/hsta-entry.js";
import { cv, type Mat } from "../../src/runtime/opencv.js";
import type { CropLayout } from "../../src/stream/crop-layout.js";
import { demoFrameAt, demoFrames } from "../support/demo.js";
import { openGraph, shippedEntry } from "../support/graphs.js";
import { blank, frameOf, sideBySide } from "../support/pictures.js";

const layout: CropLayout = hstaEntry(shippedEntry("hsta")).layout;
const settings: FaceSettings = {
  detectEveryMs: 500,
  landmarksEveryMs: 30,
  maxFaces: 4,
  minEyeDistancePx: 28,
  lostAfterMs: 600,
};

const detection = await openGraph("faceDetection");
const mesh = await openGraph("faceLandmark");
const fitter = new LandmarkFitter(mesh);
const stageWith = (changes: Partial<FaceSettings> = {}) =>
  new FaceStage(new FaceDetector(detection, 0.6), fitter, layout, { ...settings, ...changes });

const nobody = blank();
const face = (await demoFrameAt(0)).image;
const two = sideBySide(face, face);
const one = sideBySide(face, nobody);
t.teardown(async () => {
  for (const image of [face, nobody, two, one]) image.release();
  await detection.close();
  await mesh.close();
});

/** Shows one picture for a while, a frame every 50 ms; returns the ids seen in the last frame, and all who left. */
async function show(stage: FaceStage, image: Mat, fromMs: number, toMs: number) {
  const left: number[] = [];
  let ids: number[] = [];
  for (let ms = fromMs; ms < toMs; ms += 50) {
    const seen = await stage.process(frameOf(image, ms));
    ids = seen.faces.map((observation) => observation.face);
    left.push(...seen.left);
  }
  return { ids, left };
}

t.test("one face keeps one id, and its eyes stay where the crop puts them", async (t) => {
  const stage = stageWith();
  const odd: number[] = [];
  let worst = 0;
  for await (const frame of demoFrames(0, 4000)) {
    const { faces, left } = await stage.process(frame);
    if (faces.length !== 1 || faces[0]?.face !== 1 || left.length > 0) odd.push(frame.index);
    const [seen] = faces;
    frame.image.release();
    if (seen === undefined || frame.index % 30 !== 29) continue;
    t.equal(seen.crop.length, layout.size ** 2 * 3);
    t.equal(seen.timeMs, frame.timeMs);
    const crop = new cv.Mat(Buffer.from(seen.crop), layout.size, layout.size, cv.CV_8UC3);
    const side = layout.size;
    const eyes = eyeCentres(await fitter.fit(crop, { cx: side / 2, cy: side / 2, side: 1.1 * side, angle: 0 }));
    crop.release();
    const [x0, x1] = [layout.leftEye[0] * side, layout.rightEye[0] * side];
    for (const [k, x] of [x0, x1].entries()) {
      const eye = eyes[k as 0 | 1];
      worst = Math.max(worst, Math.hypot(eye.x - x, eye.y - layout.leftEye[1] * side) / (x1 - x0));
    }
  }
  t.same(odd, [], "frames in which it was not face 1 alone");
  t.ok(worst < 0.05, `at worst ${worst} eye distances off`);
});

t.test("between landmarks the crop goes on with every frame", async (t) => {
  const stage = stageWith();
  let [crops, held] = [0, 0];
  let last: number | undefined;
  for (let i = 0; i < 24; i++) {
    const [seen] = (await stage.process(frameOf(face, 5 * i))).faces;
    if (seen === undefined) continue;
    crops++;
    if (seen.cropCentre.x === last) held++;
    last = seen.cropCentre.x;
  }
  t.equal(crops, 24);
  t.ok(held >= 18, `the transform was held ${held} times`);
});

t.test("a face that is away for a moment keeps its id", async (t) => {
  const stage = stageWith();
  t.same(await show(stage, face, 0, 300), { ids: [1], left: [] });
  t.same(await show(stage, nobody, 300, 700), { ids: [], left: [] }, "not seen, not gone");
  t.same(await show(stage, face, 700, 1200), { ids: [1], left: [] });
});

t.test("a face that was away for long is a new one", async (t) => {
  const stage = stageWith();
  await show(stage, face, 0, 300);
  t.same(await show(stage, nobody, 300, 1300), { ids: [], left: [1] }, "who left is told once");
  t.same(await show(stage, face, 1300, 1600), { ids: [2], left: [] });
});

t.test("a face that moved while it was away is found again", async (t) => {
  const stage = stageWith({ lostAfterMs: 2000 });
  const moved = face.warpAffine(
    new cv.Mat(
      [
        [1, 0, 60],
        [0, 1, 25],
      ],
      cv.CV_64F,
    ),
  );
  t.teardown(() => moved.release());
  await show(stage, face, 0, 300);
  await show(stage, nobody, 300, 500);
  t.same(await show(stage, moved, 500, 1500), { ids: [1], left: [] });
});

t.test("two faces side by side are two", async (t) => {
  const stage = stageWith();
  const where = new Map<number, number>();
  for (let ms = 0; ms < 1200; ms += 50) {
    const { faces, left } = await stage.process(frameOf(two, ms));
    t.same([faces.map((seen) => seen.face).sort(), left], [[1, 2], []], `at ${ms} ms`);
    for (const { face, cropCentre } of faces) {
      const x = where.get(face) ?? cropCentre.x;
      if (Math.abs(x - cropCentre.x) > 10) t.fail(`face ${face} went from ${x} to ${cropCentre.x}`);
      where.set(face, cropCentre.x);
    }
  }
  const [p = 0, q = 0] = where.values();
  t.ok(Math.abs(Math.abs(p - q) - 640) < 10, `${p} and ${q}`);
  t.same(await show(stage, one, 1200, 2200), { ids: [p < q ? 1 : 2], left: [p < q ? 2 : 1] });
});

t.test("faces beyond the limit are counted, not followed", async (t) => {
  const stage = stageWith({ maxFaces: 1 });
  t.same(await show(stage, two, 0, 600), { ids: [1], left: [] });
  t.equal(stage.stats.overLimit, 2, "once for each time that faces were searched for");
  t.equal(stage.stats.tooSmall, 0);
});

t.test("a face too small is counted, not followed", async (t) => {
  const stage = stageWith({ minEyeDistancePx: 400 });
  t.same(await show(stage, face, 0, 250), { ids: [], left: [] });
  t.equal(stage.stats.tooSmall, 3);
});

t.test("a face covered for a moment keeps its id; one that stays away does not", async (t) => {
  const stage = stageWith({ lostAfterMs: 3000 });
  t.same((await show(stage, two, 0, 1000)).ids, [1, 2]);
  const covered = await show(stage, one, 1000, 2600);
  t.same(covered, { ids: [1], left: [] });
  const back = await show(stage, two, 2600, 3600);
  t.same(back, { ids: [1, 2], left: [] });
  const gone = await show(stage, one, 3600, 7600);
  t.same(gone, { ids: [1], left: [2] });
  t.same((await show(stage, two, 7600, 8600)).ids, [1, 3]);
});

t.test("the track that slides onto another's face gives way, and waits where it came from", async (t) => {
  const eyesAt = (x: number) => ({
    score: 1,
    x: x - 60,
    y: 40,
    width: 120,
    height: 120,
    eyes: [
      { x: x - 30, y: 80 },
      { x: x + 30, y: 80 },
    ] as const,
  });
  const meshAt = (x: number) => {
    const xy = new Float64Array(2 * 468).fill(80);
    for (let i = 0; i < 468; i++) xy[2 * i] = x;
    for (const [index, away] of [
      [33, -40],
      [133, -20],
      [362, 20],
      [263, 40],
    ] as const)
      xy[2 * index] = x + away;
    return { xy, z: new Float64Array(468), presence: 1 };
  };
  const track = new FaceTrack(1, eyesAt(100), layout, 0);
  for (let i = 0; i <= 10; i++) track.follow(meshAt(100 + 6 * i), 30 * i);
  t.ok(track.slid > 0.9, `slid by ${track.slid} eye distances`);
  track.hide();
  t.ok(track.hidden);
  t.ok(Math.abs(track.centre.x - 100) < 1, `waits at ${track.centre.x}`);
  t.ok((track.comesOutAs(eyesAt(160)) ?? Infinity) < 1.1);
  t.equal(track.comesOutAs(eyesAt(400)), undefined, "too far away");
  const larger = {
    ...eyesAt(100),
    eyes: [
      { x: 40, y: 80 },
      { x: 160, y: 80 },
    ] as const,
  };
  t.equal(track.comesOutAs(larger), undefined, "twice as large");
  track.relocate(eyesAt(150));
  t.notOk(track.hidden);
});
