import t from "tap";
import { type Baseline, openBaselines } from "../../src/evaluation/baselines/index.js";
import { intersectionOverUnion } from "../../src/evaluation/match.js";
import type { Spotting } from "../../src/evaluation/spotting-score.js";
import { atRate, raisedCosine } from "../support/motion-stream.js";
import { Random } from "../support/random.js";

const SIZE = 112;
const MOVED = { onsetMs: 3000, offsetMs: 3280 };

/** A soft pattern whose lower left part has gone right by so many pixels, with a camera's noise. */
function crop(right: number, brighter: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const u = x - (y > 60 && x < 56 ? right : 0);
      const wave = Math.sin(0.31 * u + 0.2 * y) + Math.sin(0.11 * u - 0.27 * y) + Math.sin(0.4 * y);
      const grey = 120 + brighter + 25 * wave + 0.7 * random.normal();
      bytes.fill(grey, 3 * (y * SIZE + x), 3 * (y * SIZE + x) + 3);
    }
  }
  return bytes;
}

async function watched(baseline: Baseline, fps: number, lightsUpAtMs = Infinity) {
  const track = baseline.newTrack(7);
  const random = new Random(3);
  for (const timeMs of atRate(fps, 5)) {
    const right = 2.5 * raisedCosine(timeMs, MOVED.onsetMs, 3140, MOVED.offsetMs);
    const bytes = crop(right, timeMs >= lightsUpAtMs ? 8 : 0, random);
    await track.observe({ face: 7, timeMs, crop: bytes, eyeDistancePx: 60, cropCentre: { x: 200, y: 200 } });
  }
  return track;
}

const overlaps = (found: readonly Spotting[]) => found.map((one) => intersectionOverUnion(one, MOVED));
const baselines = await openBaselines();
t.teardown(async () => {
  for (const baseline of baselines) await baseline.close();
});

const SENSITIVITY: Readonly<Record<string, number>> = { "frame difference": 2, MDMD: 0.6, "LBP-χ²": 0.6 };

for (const baseline of baselines) {
  t.test(`${baseline.name} spots a part of the face that goes and comes back`, async (t) => {
    for (const fps of [30, 50]) {
      const found = (await watched(baseline, fps)).spot(SENSITIVITY[baseline.name] ?? 0);
      t.equal(found.length, 1, `once at ${fps} frames a second`);
      const [overlap = 0] = overlaps(found);
      t.ok(overlap >= 0.5, `overlaps by ${overlap}`);
      t.equal(found[0]?.face, 7);
    }
  });

  t.test(`${baseline.name} can be asked at every sensitivity; a higher one takes less for a movement`, async (t) => {
    const track = await watched(baseline, 25);
    const covered = baseline.sensitivities.map((sensitivity) =>
      track.spot(sensitivity).reduce((sum, { onsetMs, offsetMs }) => sum + offsetMs - onsetMs, 0),
    );
    t.ok((covered[0] ?? 0) > (covered.at(-1) ?? 0), covered.join(" "));
  });
}

t.test("light that goes up once is a movement for none but the naive one", async (t) => {
  for (const baseline of baselines.filter(({ name }) => name !== "frame difference")) {
    const found = (await watched(baseline, 25, 1500)).spot(SENSITIVITY[baseline.name] ?? 0);
    t.same(
      found.filter(({ offsetMs }) => offsetMs < 2800),
      [],
      baseline.name,
    );
  }
});
