import t from "tap";
import { hstaEntry } from "../../src/recognition/hsta-entry.js";
import { cv, type Mat } from "../../src/runtime/opencv.js";
import type { MotionSample } from "../../src/spotting/motion-sample.js";
import { RegionMotion } from "../../src/spotting/region-motion.js";
import { motionRegions, openGraph, shippedEntry } from "../support/graphs.js";
import { Random } from "../support/random.js";

const graph = await openGraph("motion");
t.teardown(() => graph.close());
const regions = motionRegions();
const { layout } = hstaEntry(shippedEntry("hsta"));
const { size } = layout;
const eyeDistance = (layout.rightEye[0] - layout.leftEye[0]) * size;
/** Thousandths of the eye distance that a pixel of the crop is. */
const UNIT = 1000 / eyeDistance;

/** A crop full of soft blots, of all regions alike, from which any motion can be read. */
function texture(): Mat {
  const random = new Random(4);
  const coarse = 28;
  const bytes = Buffer.from(Uint8Array.from({ length: coarse * coarse * 3 }, () => 60 + 130 * random.uniform()));
  const blots = new cv.Mat(bytes, coarse, coarse, cv.CV_8UC3);
  return blots.resize(size, size, 0, 0, cv.INTER_CUBIC).gaussianBlur(new cv.Size(5, 5), 1.2);
}

const still = texture();

function shifted(image: Mat, dx: number, dy: number): Mat {
  const matrix = new cv.Mat(
    [
      [1, 0, dx],
      [0, 1, dy],
    ],
    cv.CV_64F,
  );
  return image.warpAffine(matrix, new cv.Size(size, size), cv.INTER_CUBIC, cv.BORDER_REPLICATE);
}

/** The picture with one region, and what lies close around it, moved by so much. */
function withMoved(name: string, dx: number, dy: number): Mat {
  const region = regions.find((r) => r.name === name);
  if (region === undefined) throw new Error(`no region '${name}'`);
  const moved = shifted(still, dx, dy);
  const mask = new cv.Mat(size, size, cv.CV_8UC1, 0);
  const centre = new cv.Point2(Math.round(region.x * size), Math.round(region.y * size));
  const radii = new cv.Size(Math.round(1.3 * region.rx * size), Math.round(1.3 * region.ry * size));
  mask.drawEllipse(centre, radii, 0, 0, 360, new cv.Vec3(255, 255, 255), -1);
  const result = still.copy();
  moved.copyTo(result, mask);
  return result;
}

const newMotion = () =>
  new RegionMotion(
    graph,
    regions.map((r) => r.name),
    size,
    eyeDistance,
  );

async function measure(motion: RegionMotion, image: Mat, timeMs: number, cropCentre = { x: 320, y: 240 }) {
  const crop = new Uint8Array(image.getData());
  return motion.measure({ face: 1, timeMs, crop, eyeDistancePx: 80, cropCentre });
}

/** The motion from the still picture to this one. */
async function motionTo(image: Mat): Promise<MotionSample> {
  const motion = newMotion();
  await measure(motion, still, 0);
  return measure(motion, image, 16);
}

const of = (sample: MotionSample, name: string): [x: number, y: number] => {
  const i = regions.findIndex((r) => r.name === name);
  return [sample.displacement[2 * i] ?? Number.NaN, sample.displacement[2 * i + 1] ?? Number.NaN];
};
/** The regions that share no ground with this one. */
const apartFrom = (name: string): string[] => {
  const me = regions.find((r) => r.name === name);
  const overlap = (r: typeof me) =>
    me && r && Math.hypot((r.x - me.x) / (r.rx + me.rx), (r.y - me.y) / (r.ry + me.ry)) < 1.5;
  return regions.filter((r) => !overlap(r)).map((r) => r.name);
};
const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

t.test("the first crop of a face moves nothing", async (t) => {
  const { displacement, change, head, timeMs } = await measure(newMotion(), still, 40);
  t.same([displacement.length, change.length, head.length, timeMs], [2 * regions.length, regions.length, 4, 40]);
  t.ok([displacement, change, head].every((values) => largest(values) === 0));
});

for (const name of ["brow_inner_left", "brow_outer_right", "cheek_right", "mouth_corner_left", "chin"]) {
  t.test(`${name} moved alone moves there, and no head`, async (t) => {
    let before = 0;
    for (const [px, sign] of [
      [0.125, 1],
      [0.25, -1],
      [0.5, 1],
    ] as const) {
      const sample = await motionTo(withMoved(name, sign * px, -sign * px));
      const [x, y] = of(sample, name).map((value) => value / UNIT) as [number, number];
      t.ok(x * sign > 0 && y * sign < 0, `${sign * px} px: ${x}, ${y}`);
      const length = Math.hypot(x, y) / Math.SQRT2;
      t.ok(length > 0.7 * px && length < 1.7 * px, `${px} px are seen as ${length}`);
      t.ok(length > before, "more is more");
      before = length;
      const others = apartFrom(name).map((r) => Math.hypot(...of(sample, r)) / UNIT);
      t.ok(Math.max(...others) < 0.2 * Math.hypot(x, y), `others ${Math.max(...others)}`);
      t.ok(largest(sample.head) / UNIT < 0.15 * px, `head ${sample.head}`);
    }
  });
}

t.test("the whole crop moved is the head's motion, and hardly any region's", async (t) => {
  for (const [dx, dy] of [
    [0.25, 0],
    [0, -0.25],
    [-0.5, 0.5],
    [0.75, 0.25],
  ] as const) {
    const sample = await motionTo(shifted(still, dx, dy));
    const [x = 0, y = 0] = [...sample.head].map((value) => value / UNIT);
    const length = Math.hypot(dx, dy);
    const along = (x * dx + y * dy) / length ** 2;
    t.ok(along > 0.7 && along < 1.7, `${dx}, ${dy} is seen as ${x}, ${y}`);
    t.ok(Math.hypot(x - along * dx, y - along * dy) < 0.2 * length, "in its direction");
    const left = regions.map((r) => Math.hypot(...of(sample, r.name)) / UNIT);
    const typical = Math.sqrt(left.reduce((sum, value) => sum + value ** 2, 0) / left.length);
    t.ok(typical < 0.3 * length, `${typical} px stay with a region`);
  }
});

t.test("the head's turn and growth are its own", async (t) => {
  const about = (angle: number, scale: number) => {
    const [a, b, c] = [scale * Math.cos(angle), scale * Math.sin(angle), size / 2];
    const matrix = new cv.Mat(
      [
        [a, -b, c - a * c + b * c],
        [b, a, c - b * c - a * c],
      ],
      cv.CV_64F,
    );
    return still.warpAffine(matrix, new cv.Size(size, size), cv.INTER_CUBIC, cv.BORDER_REPLICATE);
  };
  const turned = await motionTo(about(0.005, 1));
  t.ok((turned.head[2] ?? 0) > 3 && (turned.head[2] ?? 0) < 9, `5 thousandths of a turn: ${turned.head}`);
  const grown = await motionTo(about(0, 1.005));
  t.ok((grown.head[3] ?? 0) > 3 && (grown.head[3] ?? 0) < 9, `5 thousandths of growth: ${grown.head}`);
});

t.test("light that changes for all moves nothing", async (t) => {
  for (const [gain, offset] of [
    [1.1, 0],
    [0.8, 0],
    [1, 15],
    [1, -15],
    [1.2, -10],
  ] as const) {
    const { displacement, head } = await motionTo(still.convertTo(cv.CV_8UC3, gain, offset));
    const px = Math.max(largest(displacement), largest(head)) / UNIT;
    t.ok(px < 0.05, `${gain} × + ${offset}: ${px} px`);
  }
});

t.test("a head that follows its crop through the frame moves in the room", async (t) => {
  const motion = newMotion();
  await measure(motion, still, 0, { x: 320, y: 240 });
  const { head, displacement } = await measure(motion, still, 16, { x: 328, y: 236 });
  t.ok(Math.abs((head[0] ?? 0) - 100) < 1 && Math.abs((head[1] ?? 0) + 50) < 1, `${head}`);
  t.ok(largest(displacement) < 1);
});

t.test("a motion there and back over many reference crops comes back to where it was", async (t) => {
  const motion = newMotion();
  const reached: number[] = [];
  for (let i = 0; i <= 60; i++) {
    const away = 1.5 * Math.sin((Math.PI * i) / 60);
    const sample = await measure(motion, withMoved("brow_inner_left", 0, -away), 100 * i);
    reached.push(of(sample, "brow_inner_left")[1] / UNIT);
  }
  const [top, end] = [Math.min(...reached), reached.at(-1) ?? Number.NaN];
  t.ok(top < -1 && top > -2.6, `1.5 px are seen as ${top}`);
  t.ok(reached.indexOf(top) >= 26 && reached.indexOf(top) <= 34, `highest in crop ${reached.indexOf(top)}`);
  t.ok(Math.abs(end) < 0.2, `${end} px are left`);
});
