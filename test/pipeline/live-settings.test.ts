import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import type { NoEvent } from "../../src/pipeline/outcome.js";
import { AROUND, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";

const configOf = (...argv: string[]) => loadConfig({ argv: [...EVERY_CANDIDATE, ...argv] }).config;
const models = await openModels(configOf());
t.teardown(() => models.close());

/** What becomes of the face's movements, once other settings were given with the face in view. */
async function outcomes(before: readonly string[], after: readonly string[]) {
  const reasons: NoEvent[] = [];
  let events = 0;
  let inForce = configOf(...before);
  const listener = { onDetection: () => void events++, onNoEvent: (reason: NoEvent) => void reasons.push(reason) };
  const pipeline = buildPipeline(inForce, models, "test", listener, () => inForce);
  let changed = false;
  for await (const frame of demoFrames(AROUND.fromMs, AROUND.toMs)) {
    await pipeline.process(frame);
    frame.image.release();
    if (changed || pipeline.stats().faces.followed === 0) continue;
    inForce = configOf(...before, ...after);
    changed = true;
  }
  await pipeline.end();
  return { events, reasons };
}

const learned: readonly string[] = [];
const motion = ["--spotting.method=motion"];

for (const [method, argv] of [
  ["learned", learned],
  ["motion", motion],
] as const) {
  t.test(`method ${method}: the same settings again change nothing`, async (t) => {
    const { events } = await outcomes(argv, []);
    t.ok(events > 0);
  });

  for (const [change, reason] of [
    ["--recognition.maxNone=0", "none"],
    ["--recognition.minConfidence=1", "low_confidence"],
    ["--spotting.minMs=900", "too_short"],
  ] as const) {
    t.test(`method ${method}: ${change} counts for a face that is in view already`, async (t) => {
      const { events, reasons } = await outcomes(argv, [
        change,
        ...(reason === "too_short" ? ["--spotting.maxMs=1000"] : []),
      ]);
      t.equal(events, 0);
      t.ok(reasons.includes(reason), `${reasons}`);
    });
  }

  t.test(`method ${method}: spotting.maxMs counts for a face that is in view already`, async (t) => {
    const { events, reasons } = await outcomes(argv, ["--spotting.minMs=1", "--spotting.maxMs=50"]);
    t.equal(events, 0);
    t.ok(reasons.includes("too_long"), `${reasons}`);
  });
}

t.test("method learned: recognition.minEvidence counts for a face that is in view already", async (t) => {
  const { events, reasons } = await outcomes(learned, ["--recognition.minEvidence=13.8"]);
  t.equal(events, 0);
  t.ok(reasons.includes("little_evidence"), `${reasons}`);
});

t.test(
  "method learned: spotting.sensitivity decides where recognition.minEvidence is not set, and only there",
  async (t) => {
    const { operatingPoints } = models.recogniser.entry;
    t.ok(operatingPoints.strict > operatingPoints.balanced && operatingPoints.balanced > operatingPoints.sensitive);
    const unset = "--recognition.minEvidence=null";
    const strict = await outcomes(learned, [unset, "--spotting.sensitivity=strict"]);
    t.same(await outcomes(learned, [`--recognition.minEvidence=${operatingPoints.strict}`]), strict);
    const wins = ["--spotting.sensitivity=strict", "--recognition.minEvidence=-20"];
    t.same(await outcomes(learned, wins), await outcomes(learned, ["--recognition.minEvidence=-20"]));
  },
);

t.test("method motion: spotting.threshold counts for a face that is in view already", async (t) => {
  t.same(await outcomes(motion, ["--spotting.threshold=1000"]), { events: 0, reasons: [] });
});
