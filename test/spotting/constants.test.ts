import { readFileSync } from "node:fs";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { LEAST_FPS, LONGEST_GAP_MS } from "../../src/spotting/frame-rates.js";
import { NOISE_STEPS, STEP_MS } from "../../src/spotting/grid.js";
import { APART_MS, SLACK_MS } from "../../src/spotting/learned-spotter.js";
import { FLOOR, LENGTH_TOLERANCE } from "../../src/spotting/movement.js";
import * as motion from "../../src/spotting/region-motion.js";
import { HOLD_MS } from "../../src/spotting/settling.js";
import { BACK, HIGH, LOW, NEAR_MS } from "../../src/spotting/shape.js";
import { spotLayout, TOLD_MS } from "../../src/spotting/spot-net.js";
import { shippedEntry } from "../support/graphs.js";

t.test("the daemon goes by the numbers that the spotter learned with", async (t) => {
  const learnedWith = readFileSync("test/data/spotting-constants.json", "utf8");
  const { minMs, maxMs } = loadConfig({}).config.spotting;
  t.strictSame(
    {
      grid: { stepMs: STEP_MS, gapMs: LONGEST_GAP_MS, leastFps: LEAST_FPS, noiseSteps: NOISE_STEPS },
      regionMotion: {
        referenceMs: motion.REFERENCE_MS,
        referencePx: motion.REFERENCE_PX,
        referenceLatestMs: motion.REFERENCE_LATEST_MS,
        blinkingChange: motion.BLINKING_CHANGE,
        ridgeAffine: motion.RIDGE_AFFINE,
        ridgeRegion: motion.RIDGE_REGION,
      },
      network: { toldMs: TOLD_MS, holdMs: HOLD_MS },
      marks: { floor: FLOOR, slackMs: SLACK_MS, apartMs: APART_MS, nearMs: NEAR_MS, low: LOW, high: HIGH, back: BACK },
      length: { shortestMs: minMs, longestMs: maxMs, tolerance: LENGTH_TOLERANCE },
    },
    JSON.parse(learnedWith),
  );
});

t.test("a network that learned on another grid is refused", async (t) => {
  const shipped = shippedEntry("spotter");
  t.equal(spotLayout(shipped).windowSteps, 160);
  for (const key of ["stepMs", "gapMs"]) {
    const refused = { code: "MODEL_MANIFEST", message: new RegExp(`learned with ${key} 10, .* goes by \\d+$`) };
    t.throws(() => spotLayout({ ...shipped, [key]: 10 }), refused);
  }
});
