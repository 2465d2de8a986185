import { readFileSync } from "node:fs";
import t from "tap";
import { intersectionOverUnion } from "../../src/evaluation/match.js";
import { LearnedSpotter } from "../../src/spotting/learned-spotter.js";
import type { MotionSample } from "../../src/spotting/motion-sample.js";
import { spotLayout } from "../../src/spotting/spot-net.js";
import type { Spotted, SpottingSettings } from "../../src/spotting/spotter.js";
import { openGraph, shippedEntry } from "../support/graphs.js";
import { atRate, regionNames as regions, sampleFrom, samplesOf, spottingSettings } from "../support/motion-stream.js";

const graph = await openGraph("spotter");
t.teardown(() => graph.close());
const layout = spotLayout(shippedEntry("spotter"));
const settings: SpottingSettings = { ...spottingSettings, method: "learned", minProbability: 0.5 };

/** Some seconds of a simulated face, at 30 frames a second, with an expression among them. */
const reel = JSON.parse(readFileSync(new URL("../data/spotter-twin.json", import.meta.url), "utf8")) as {
  timesMs: number[];
  samples: number[][];
  events: [onsetMs: number, apexMs: number, offsetMs: number][];
};
const recorded = reel.timesMs.map((timeMs, i) => sampleFrom(timeMs, reel.samples[i] ?? []));

/** The record as a camera of another rate would have measured it. */
function resampled(fps: number): MotionSample[] {
  const first = recorded[0]?.timeMs ?? 0;
  const between = (read: (sample: MotionSample) => Float64Array, timeMs: number) => {
    const next = Math.max(
      1,
      recorded.findIndex((sample) => sample.timeMs >= timeMs),
    );
    const [a, b] = [recorded[next - 1] as MotionSample, recorded[next] as MotionSample];
    const share = (timeMs - a.timeMs) / (b.timeMs - a.timeMs);
    return read(a).map((value, i) => value + share * ((read(b)[i] as number) - value));
  };
  return atRate(fps, ((recorded.at(-1)?.timeMs ?? 0) - first) / 1000 - 0.1).map((ms) => ({
    timeMs: first + ms,
    displacement: between((sample) => sample.displacement, first + ms),
    change: between((sample) => sample.change, first + ms),
    head: between((sample) => sample.head, first + ms),
  }));
}

async function settled(samples: readonly MotionSample[], changes: Partial<SpottingSettings> = {}) {
  const spotter = new LearnedSpotter(graph, layout, regions, () => ({ ...settings, ...changes }));
  const told: { spotted: Spotted; atMs: number }[] = [];
  for (const sample of samples) {
    for (const spotted of await spotter.push(sample)) told.push({ spotted, atMs: sample.timeMs });
  }
  for (const spotted of await spotter.end()) told.push({ spotted, atMs: samples.at(-1)?.timeMs ?? 0 });
  return told;
}

const [onsetMs, apexMs, offsetMs] = reel.events[0] ?? [0, 0, 0];

for (const [rate, samples] of [
  ["30 fps", recorded],
  ["60 fps", resampled(60)],
  ["200 fps", resampled(200)],
  ["lost frames", recorded.filter((_, i) => i % 6 !== 4)],
] as const) {
  t.test(`an expression is found once, in time and soon: ${rate}`, async (t) => {
    const near = (await settled(samples)).filter(
      ({ spotted }) =>
        spotted.kind === "candidate" && intersectionOverUnion(spotted.candidate, { onsetMs, offsetMs }) >= 0.5,
    );
    t.equal(near.length, 1);
    const [found] = near;
    if (found?.spotted.kind !== "candidate") return;
    const { candidate } = found.spotted;
    t.ok(Math.abs(candidate.apexMs - apexMs) < 60, `apex ${candidate.apexMs}, not ${apexMs}`);
    t.ok(found.atMs - offsetMs < 350, `told ${found.atMs - offsetMs} ms after the offset`);
    t.ok(candidate.score >= 0.5 && candidate.score <= 1);
    t.ok((candidate.probability ?? 0) >= 0.5);
    t.match(candidate.reason, /returned within \d+ ms, \d+ % like a micro-expression$/);
  });
}

t.test("another least probability counts from the next sample on", async (t) => {
  const scores = (await settled(recorded)).map(({ spotted }) =>
    spotted.kind === "candidate" ? spotted.candidate.score : spotted.score,
  );
  const least = Math.min(...scores);
  let current = settings;
  const spotter = new LearnedSpotter(graph, layout, regions, () => current);
  const told: Spotted[] = [];
  for (const [i, sample] of recorded.entries()) {
    if (i === 1) current = { ...settings, minProbability: Math.min(1, least + 0.001) };
    told.push(...(await spotter.push(sample)));
  }
  t.ok(told.length < scores.length, `${told.length} of ${scores.length}`);
});

t.test("the same samples give the same answer, however they are handed over", async (t) => {
  t.same(await settled(recorded), await settled(recorded));
});

t.test("a face that rests says nothing", async (t) => {
  t.same(await settled(samplesOf(atRate(60, 8))), []);
});

t.test("what is outside the lengths that are asked for is turned down by name", async (t) => {
  const kinds = async (changes: Partial<SpottingSettings>) =>
    (await settled(recorded, changes)).map(({ spotted }) => ("reason" in spotted ? spotted.reason : spotted.kind));
  t.ok((await kinds({ minMs: 1000, maxMs: 2000 })).includes("too_short"));
  t.ok((await kinds({ minMs: 1, maxMs: 20 })).includes("too_long"));
});

t.test("a face that was away for a moment is not read across the gap", async (t) => {
  const split = onsetMs + 30;
  const late = recorded.map((sample) => (sample.timeMs > split ? { ...sample, timeMs: sample.timeMs + 5000 } : sample));
  const after = (await settled(late)).filter(({ atMs }) => atMs > split);
  for (const { spotted, atMs } of after) {
    const begins = spotted.kind === "candidate" ? spotted.candidate.onsetMs : spotted.movement?.onsetMs;
    t.ok((begins ?? 0) > split + 5000, "what is told after the gap began after it");
    t.ok(atMs > split + 5500, "a face that comes back is judged after half a second");
  }
});
