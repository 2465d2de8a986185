import t from "tap";
import type { MotionSignal, SpottingSettings } from "../../src/spotting/spotter.js";
import { ThresholdSpotter } from "../../src/spotting/threshold-spotter.js";
import {
  type Act,
  atRate,
  raisedCosine,
  regionNames,
  samplesOf,
  settledOf,
  spottingSettings,
  step,
} from "../support/motion-stream.js";

const brows: Act = (ms) => ({ moved: { brow_: [0, -15 * raisedCosine(ms, 3010, 3120, 3260)] } });

function watched(act: Act, changes: Partial<SpottingSettings> = {}) {
  const signals: MotionSignal[] = [];
  const spotter = new ThresholdSpotter(
    regionNames,
    () => ({ ...spottingSettings, ...changes }),
    (signal) => signals.push(signal),
  );
  return { settled: settledOf(spotter, samplesOf(atRate(60, 6), act)), signals };
}

t.test("the signal peaks where the face moves, at the candidate's score and with the group that moved", async (t) => {
  const { settled, signals } = watched(brows);
  const peak = signals.reduce((best, signal) => (signal.score > best.score ? signal : best));
  t.equal(peak.group, "brows");
  t.ok(Math.abs(peak.timeMs - 3120) < 60, `${peak.timeMs} ms`);
  const [found] = settled.flatMap((spotted) => (spotted.kind === "candidate" ? [spotted.candidate] : []));
  t.equal(Number(peak.score.toFixed(2)), found?.score);
});

t.test("a movement that is turned down tells as much as a candidate would", async (t) => {
  const [candidate] = watched(brows).settled;
  const [suppressed] = watched(brows, { minMs: 400 }).settled;
  t.match([candidate?.kind, suppressed?.kind], ["candidate", "suppressed"]);
  if (candidate?.kind !== "candidate" || suppressed?.kind !== "suppressed") return;
  const { reason: _, ...known } = candidate.candidate;
  t.match(suppressed.movement, known);
});

t.test("one without a shape tells only its moment", async (t) => {
  const rise: Act = (ms) => ({ moved: { mouth_: [0, -15 * step(ms, 3000, 3500)] } });
  const { settled } = watched(rise, { threshold: 0.5 });
  const without = settled.filter((spotted) => spotted.kind === "suppressed" && spotted.movement === undefined);
  for (const spotted of without) t.match(spotted, { reason: "not_returning", apexMs: Number, score: Number });
  t.ok(without.length > 0, `${settled.length} settled`);
});
