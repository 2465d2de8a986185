import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import type { Outcome } from "../../src/pipeline/outcome.js";
import type { MotionSignal } from "../../src/spotting/spotter.js";
import { AROUND, demoBrows, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";

const configOf = (...argv: string[]) => loadConfig({ argv: [...EVERY_CANDIDATE, ...argv] }).config;
const models = await openModels(configOf());
t.teardown(() => models.close());

const watched = [
  [],
  ["--recognition.maxNone=0"],
  ["--recognition.minConfidence=1"],
  ["--clip.seconds=0.5", "--clip.maxFps=10"],
].map((argv) => {
  const said: string[] = [];
  const outcomes: Outcome[] = [];
  const order: string[] = [];
  const signals: MotionSignal[] = [];
  const pipeline = buildPipeline(configOf(...argv), models, "test", {
    onDetection: ({ id }) => void said.push(id),
    onNoEvent: (reason) => void said.push(reason),
    onOutcome: (outcome) => {
      outcomes.push(outcome);
      order.push("outcome");
    },
    onLeave: (face) => void order.push(`face ${face} left`),
    onSignal: (_, signal) => void signals.push(signal),
  });
  return { pipeline, said, outcomes, order, signals };
});
const failing = buildPipeline(configOf(), models, "test", {
  onOutcome: () => Promise.reject(new Error("the page is gone")),
});
for await (const frame of demoFrames(AROUND.fromMs, AROUND.toMs)) {
  for (const { pipeline } of watched) await pipeline.process(frame);
  await failing.process(frame).catch(() => undefined);
  frame.image.release();
}
for (const { pipeline } of watched) await pipeline.end();
const [everything, noNone, sure, tight] = watched;

t.test("every movement has one outcome, beside the detection or the reason", async (t) => {
  for (const { outcomes, said } of watched) {
    t.ok(outcomes.length > 0);
    t.same(outcomes.map(({ id, verdict }) => id ?? verdict).sort(), [...said].sort());
  }
});

t.test("a face is said to have left after the last of its outcomes, once", async (t) => {
  for (const { order, outcomes } of watched) t.same(order, [...outcomes.map(() => "outcome"), "face 1 left"]);
});

t.test("an event's outcome holds what is said of it, and what HSTA saw at onset and apex", async (t) => {
  const events = everything?.outcomes.filter(({ verdict }) => verdict === "event") ?? [];
  const { size } = models.recogniser.entry.layout;
  t.ok(events.length > 0);
  for (const { spotted, statement, crops, face } of events) {
    t.match([spotted.kind, face, statement?.report], ["candidate", 1, "emotion"]);
    t.same([crops?.size, crops?.data.length], [size, 2 * size * size * 3]);
    const pixels = Buffer.from(crops?.data ?? []);
    t.notOk(pixels.subarray(0, pixels.length / 2).equals(pixels.subarray(pixels.length / 2)), "onset and apex differ");
  }
});

t.test("what HSTA held back has its verdict, and what was lost has none", async (t) => {
  const of = (run: typeof everything, verdict: string) => run?.outcomes.filter((o) => o.verdict === verdict) ?? [];
  t.ok(of(noNone, "none").length > 0);
  for (const { statement, id } of of(noNone, "none")) t.match([statement?.none, id], [Number, undefined]);
  t.ok(of(sure, "low_confidence").length > 0);
  for (const { crops } of of(sure, "low_confidence")) t.ok(crops);
  t.ok(of(tight, "clip_lost").length > 0);
  for (const { statement, crops } of of(tight, "clip_lost")) t.same([statement, crops], [undefined, undefined]);
});

t.test("the signal is told once a moment, and rises over the threshold when the movement has ended", async (t) => {
  const signals = everything?.signals ?? [];
  t.ok(signals.length > 80, `${signals.length} moments`);
  for (const [i, { timeMs }] of signals.entries()) t.ok(i === 0 || timeMs > (signals[i - 1]?.timeMs ?? Infinity));
  const peak = signals.reduce((best, signal) => (signal.score > best.score ? signal : best));
  t.ok(peak.score >= configOf().spotting.minProbability, `${peak.score}`);
  t.ok(Math.abs(peak.timeMs - demoBrows.offsetMs) < 300, `${peak.timeMs - demoBrows.offsetMs} ms after the offset`);
  t.match(peak.group, /^(brows|eyes|nose|cheeks|mouth|chin)$/);
});

t.test("a listener that fails over an outcome ends the run, with its reason", async (t) => {
  await t.rejects(failing.end(), { message: "the page is gone" });
});

t.test("an outcome tells no more of a smile than an event may", async (t) => {
  const levels = ["emotion", "motion"].map((report) => {
    const contexts: (readonly string[])[] = [];
    const pipeline = buildPipeline(configOf(`--recognition.report=${report}`), models, "test", {
      // The simulated face hardly smiles: here it does all along.
      onFace: (observation) => {
        Object.assign(observation, { measures: { ...observation.measures, mouthWidth: 1.2 } });
      },
      onOutcome: ({ context }) => void contexts.push(context),
    });
    return { contexts, pipeline };
  });
  for await (const frame of demoFrames(AROUND.fromMs, AROUND.toMs)) {
    for (const { pipeline } of levels) await pipeline.process(frame);
    frame.image.release();
  }
  for (const { pipeline } of levels) await pipeline.end();
  const [open, closed] = levels.map(({ contexts }) => contexts);
  t.ok(open?.some((context) => context.includes("smiling")));
  t.same(
    closed,
    open?.map((context) => context.filter((kind) => kind !== "smiling")),
  );
});
