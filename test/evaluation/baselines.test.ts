import t from "tap";
import { BASELINES, type BaselineName, type BaselineSpotter } from "../../src/evaluation/baselines/index.js";
import { intersectionOverUnion } from "../../src/evaluation/match.js";
import { cv, type Mat } from "../../src/runtime/opencv.js";
import { Random } from "../support/random.js";

const SIZE = 112;
const NOISE = 1.5;
const MOVEMENT = { onsetMs: 2000, apexMs: 2125, offsetMs: 2250 };
const STEP_MS = 4200;
/** From here to the end the camera's noise grows to twice and a half of what it was. */
const DUSK_MS = 4500;
const END_MS = 6500;
const RATES = [30, 200] as const;

/** A crop full of soft blots. */
function texture(): Mat {
  const random = new Random(7);
  const coarse = 28;
  const bytes = Buffer.from(Uint8Array.from({ length: coarse * coarse * 3 }, () => 60 + 130 * random.uniform()));
  const blots = new cv.Mat(bytes, coarse, coarse, cv.CV_8UC3);
  return blots.resize(SIZE, SIZE, 0, 0, cv.INTER_CUBIC).gaussianBlur(new cv.Size(5, 5), 1.2);
}

const still = texture();

/** The picture with the part around a brow moved by so many pixels. */
function withBrow(dx: number, dy: number): Mat {
  const rows = [
    [1, 0, dx],
    [0, 1, dy],
  ];
  const moved = still.warpAffine(
    new cv.Mat(rows, cv.CV_64F),
    new cv.Size(SIZE, SIZE),
    cv.INTER_CUBIC,
    cv.BORDER_REPLICATE,
  );
  const mask = new cv.Mat(SIZE, SIZE, cv.CV_8UC1, 0);
  mask.drawEllipse(new cv.Point2(40, 34), new cv.Size(24, 16), 0, 0, 360, new cv.Vec3(255, 255, 255), -1);
  const result = still.copy();
  moved.copyTo(result, mask);
  return result;
}

const random = new Random(11);
const BYTES = SIZE * SIZE * 3;
const grains = Float32Array.from({ length: 5 * BYTES }, () => NOISE * random.normal());

/** Another part of the grains for every frame, times so much. */
function noisy(picture: Mat, gain = 1): Uint8Array {
  const from = Math.floor(random.uniform() * 4 * BYTES);
  const bytes = new Uint8ClampedArray(picture.getData());
  for (let i = 0; i < BYTES; i++) bytes[i] = (bytes[i] as number) + gain * (grains[from + i] as number);
  return new Uint8Array(bytes.buffer);
}

/** Still, but for a movement of the brow that returns, and later, for good, a brighter light. */
function pictureAt(timeMs: number): Mat {
  const phase = (timeMs - MOVEMENT.onsetMs) / (MOVEMENT.offsetMs - MOVEMENT.onsetMs);
  if (phase > 0 && phase < 1) {
    const share = (1 - Math.cos(2 * Math.PI * phase)) / 2;
    return withBrow(0.6 * share, -1.6 * share);
  }
  return timeMs < STEP_MS ? still : still.convertTo(cv.CV_8UC3, 1, 12);
}

const observation = { face: 1, eyeDistancePx: 80, cropCentre: { x: 320, y: 240 } };

/** Shows a stay of the face to every spotter. */
async function show(spotters: readonly BaselineSpotter[], fps: number): Promise<void> {
  for (let i = 0; (i * 1000) / fps < END_MS; i++) {
    const timeMs = (i * 1000) / fps;
    const crop = noisy(pictureAt(timeMs), 1 + (1.5 * Math.max(0, timeMs - DUSK_MS)) / (END_MS - DUSK_MS));
    for (const spotter of spotters) await spotter.observe({ ...observation, timeMs, crop });
  }
}

const open = {
  mdmd: await BASELINES.mdmd.open(),
  lbp: await BASELINES.lbp.open(),
  "frame-difference": await BASELINES["frame-difference"].open(),
};
t.teardown(() => Promise.all(Object.values(open).map((baseline) => baseline.close())));

/** A stay at each rate, one after the other: they draw from the same random numbers. */
const stays: { fps: number; spotters: Record<BaselineName, BaselineSpotter> }[] = [];
for (const fps of RATES) {
  const spotters = {
    mdmd: open.mdmd.newSpotter(),
    lbp: open.lbp.newSpotter(),
    "frame-difference": open["frame-difference"].newSpotter(),
  };
  await show(Object.values(spotters), fps);
  stays.push({ fps, spotters });
}

for (const [name, p] of [
  ["mdmd", 0.4],
  ["lbp", 0.5],
] as const) {
  t.test(`${name} finds the movement, and neither noise nor light`, async (t) => {
    for (const { fps, spotters } of stays) {
      const movements = spotters[name].spot(p);
      t.equal(movements.length, 1, `${fps} fps: ${JSON.stringify(movements)}`);
      const [movement = { onsetMs: 0, apexMs: 0, offsetMs: 0, score: 0 }] = movements;
      t.ok(Math.abs(movement.apexMs - MOVEMENT.apexMs) <= 40, `apex at ${movement.apexMs}`);
      t.ok(intersectionOverUnion(movement, MOVEMENT) >= 0.5, `${movement.onsetMs} … ${movement.offsetMs}`);
      t.equal(movement.score, 1, "the highest of the video");
    }
  });
}

t.test("frame difference finds the movement, and takes light for one", async (t) => {
  for (const { fps, spotters } of stays) {
    const [first, second, ...more] = spotters["frame-difference"].spot(1.6);
    t.same(more, [], `${fps} fps`);
    if (first === undefined || second === undefined) throw new Error(`${fps} fps: one is missing`);
    t.ok(intersectionOverUnion(first, MOVEMENT) >= 0.8, `${first.onsetMs} … ${first.offsetMs}`);
    t.ok(second.onsetMs < STEP_MS && STEP_MS < second.offsetMs, `${second.onsetMs} … ${second.offsetMs}`);
    t.ok(second.score > 11 && second.score < 13, `12 levels of light are ${second.score}`);
  }
});

for (const [name, threshold] of [
  ["mdmd", 0.4],
  ["lbp", 0.5],
  ["frame-difference", 1.6],
] as const) {
  t.test(`${name} says much the same of 30 and of 200 frames a second`, async (t) => {
    const [slow = [], fast = []] = stays.map(({ spotters }) => spotters[name].spot(threshold));
    t.equal(slow.length, fast.length);
    for (const [i, movement] of slow.entries()) {
      for (const end of ["onsetMs", "offsetMs"] as const) {
        const [a, b] = [movement[end], fast[i]?.[end] ?? Number.NaN];
        t.ok(Math.abs(a - b) <= 34, `${end}: ${a}, ${b}`);
      }
    }
  });

  t.test(`${name} finds less the higher the threshold, whatever was asked before`, async (t) => {
    const { thresholds } = BASELINES[name];
    const { spotters } = stays[0] as (typeof stays)[number];
    const heights = thresholds.map((value) => Math.min(...spotters[name].spot(value).map((m) => m.score)));
    t.ok(heights.every((height, i) => height > (thresholds[i] as number)));
    t.same(
      [...thresholds].sort((a, b) => a - b),
      thresholds,
    );
    t.same(spotters[name].spot(threshold), spotters[name].spot(threshold));
    t.ok(spotters[name].spot(thresholds.at(-1) as number).length <= 1);
  });

  t.test(`${name} finds nothing in a glimpse`, async (t) => {
    const spotter = open[name].newSpotter();
    t.same(spotter.spot(threshold), []);
    await spotter.observe({ ...observation, timeMs: 0, crop: noisy(still) });
    t.same(spotter.spot(threshold), []);
  });
}
