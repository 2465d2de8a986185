import t, { type Test } from "tap";
import {
  applySimilarity,
  invertSimilarity,
  type Point,
  pointsToCrop,
  rows,
  squareToCrop,
} from "../../src/stream/geometry.js";

function near(t: Test, found: Point, x: number, y: number, what: string): void {
  t.ok(Math.hypot(found.x - x, found.y - y) < 1e-9, `${what}: ${found.x}, ${found.y}, not ${x}, ${y}`);
}

t.test("an upright square's corners become the crop's", async (t) => {
  const toCrop = squareToCrop({ cx: 100, cy: 60, side: 40, angle: 0 }, 128);
  near(t, applySimilarity(toCrop, { x: 80, y: 40 }), 0, 0, "top left");
  near(t, applySimilarity(toCrop, { x: 120, y: 80 }), 128, 128, "bottom right");
  near(t, applySimilarity(toCrop, { x: 100, y: 60 }), 64, 64, "centre");
});

t.test("a square turned clockwise on screen is set upright", async (t) => {
  const toCrop = squareToCrop({ cx: 100, cy: 60, side: 40, angle: Math.PI / 2 }, 40);
  near(t, applySimilarity(toCrop, { x: 100, y: 70 }), 30, 20, "what was below is on the right");
  near(t, applySimilarity(toCrop, { x: 110, y: 60 }), 20, 10, "what was on the right is above");
});

t.test("two points go to two points, and what lies between them with them", async (t) => {
  const from: [Point, Point] = [
    { x: 310, y: 205 },
    { x: 391, y: 188 },
  ];
  const to: [Point, Point] = [
    { x: 35.84, y: 40.32 },
    { x: 76.16, y: 40.32 },
  ];
  const toCrop = pointsToCrop(from, to);
  near(t, applySimilarity(toCrop, from[0]), to[0].x, to[0].y, "left eye");
  near(t, applySimilarity(toCrop, from[1]), to[1].x, to[1].y, "right eye");
  near(t, applySimilarity(toCrop, { x: 350.5, y: 196.5 }), 56, 40.32, "middle");
});

t.test("there and back is where it began", async (t) => {
  for (const angle of [-3, -0.4, 0, 0.1, 2]) {
    const there = squareToCrop({ cx: 311.5, cy: 207.25, side: 93, angle }, 192);
    const back = invertSimilarity(there);
    near(t, applySimilarity(back, applySimilarity(there, { x: 17, y: 401 })), 17, 401, `angle ${angle}`);
    near(
      t,
      applySimilarity(invertSimilarity(back), { x: 17, y: 401 }),
      ...pair(applySimilarity(there, { x: 17, y: 401 })),
      "twice",
    );
  }
});

t.test("OpenCV's matrix does what the similarity does", async (t) => {
  const m = squareToCrop({ cx: 100, cy: 60, side: 40, angle: 0.3 }, 112);
  const [[a, b, c], [d, e, f]] = rows(m);
  near(t, applySimilarity(m, { x: 7, y: 9 }), a * 7 + b * 9 + c, d * 7 + e * 9 + f, "product");
});

function pair({ x, y }: Point): [number, number] {
  return [x, y];
}
