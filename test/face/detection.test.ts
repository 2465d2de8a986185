import { existsSync } from "node:fs";
import t from "tap";
import { FaceDetector } from "../../src/face/detector.js";
import { eyeCentres, LandmarkFitter, nextSquare } from "../../src/face/landmarks.js";
import { cv, type Mat } from "../../src/runtime/opencv.js";
import { demoFrameAt } from "../support/demo.js";
import { openGraph } from "../support/graphs.js";
import { blank } from "../support/pictures.js";

/** A photograph that may be used by anyone: NASA, public domain; of Debian's python3-skimage. */
const PHOTOGRAPH = "/usr/lib/python3/dist-packages/skimage/data/astronaut.png";

const detection = await openGraph("faceDetection");
const mesh = await openGraph("faceLandmark");
const detector = new FaceDetector(detection, 0.6);
const fitter = new LandmarkFitter(mesh);
const demo = await demoFrameAt(0);
t.teardown(async () => {
  demo.image.release();
  await detection.close();
  await mesh.close();
});

/** Detects the one face of a picture, fits the mesh twice (the second time where the first says) and compares. */
async function look(image: Mat) {
  const found = await detector.detect(image);
  const [face] = found;
  if (face === undefined) throw new Error("no face");
  const side = 1.5 * Math.max(face.width, face.height);
  const square = { cx: face.x + face.width / 2, cy: face.y + face.height / 2, side, angle: 0 };
  const landmarks = await fitter.fit(image, nextSquare(await fitter.fit(image, square)));
  const [left, right] = eyeCentres(landmarks);
  const eyeDistance = Math.hypot(right.x - left.x, right.y - left.y);
  const apart = [0, 1].map((i) => {
    const [p, q] = [face.eyes[i], [left, right][i]];
    return p && q ? Math.hypot(p.x - q.x, p.y - q.y) / eyeDistance : Number.NaN;
  });
  return { found, face, landmarks, left, right, eyeDistance, apart };
}

t.test("the face of the bundled video is found once, and surely", async (t) => {
  const { found, face, landmarks, left, right, apart } = await look(demo.image);
  t.equal(found.length, 1);
  t.ok(face.score > 0.9, `score ${face.score}`);
  t.ok(landmarks.presence > 0.9, `presence ${landmarks.presence}`);
  t.ok(left.x < right.x, "the eye on the left of the image comes first");
  t.ok(Math.max(...apart) < 0.12, `detector's and mesh's eyes are ${apart} eye distances apart`);
  t.ok(left.y > face.y && right.y < face.y + face.height && left.x > face.x && right.x < face.x + face.width);
});

t.test("a face is found wherever it is, in any shape of picture", async (t) => {
  const { left, eyeDistance } = await look(demo.image);
  const tall = demo.image.copyMakeBorder(300, 0, 0, 0, cv.BORDER_CONSTANT);
  const moved = (await look(tall)).left;
  tall.release();
  const away = Math.hypot(moved.x - left.x, moved.y - 300 - left.y);
  t.ok(away < 0.05 * eyeDistance, `${away} px off, of ${eyeDistance}`);
});

t.test("where nobody is nobody is found, and the mesh says so", async (t) => {
  const image = blank();
  t.teardown(() => image.release());
  t.same(await detector.detect(image), []);
  const { presence } = await fitter.fit(image, { cx: 320, cy: 240, side: 200, angle: 0 });
  t.ok(presence < 0.5, `presence ${presence}`);
});

t.test(
  "a photograph of a person",
  { skip: !existsSync(PHOTOGRAPH) && "python3-skimage is not installed" },
  async (t) => {
    const image = cv.imread(PHOTOGRAPH);
    t.teardown(() => image.release());
    const { found, face, landmarks, left, right, eyeDistance } = await look(image);
    t.equal(found.length, 1);
    t.ok(face.score > 0.9, `score ${face.score}`);
    t.ok(landmarks.presence > 0.9, `presence ${landmarks.presence}`);
    for (const [eye, x, y] of [
      [left, 202, 101],
      [right, 248, 103],
    ] as const) {
      t.ok(Math.hypot(eye.x - x, eye.y - y) < 0.15 * eyeDistance, `an eye at ${eye.x}, ${eye.y}`);
    }
  },
);
