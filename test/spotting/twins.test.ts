import { readFileSync } from "node:fs";
import t from "tap";
import { Grid } from "../../src/spotting/grid.js";
import { LearnedSpotter } from "../../src/spotting/learned-spotter.js";
import type { MotionSample } from "../../src/spotting/motion-sample.js";
import { RegionMotion } from "../../src/spotting/region-motion.js";
import { SpotNet, spotLayout } from "../../src/spotting/spot-net.js";
import type { Spotted } from "../../src/spotting/spotter.js";
import { openGraph, shippedEntry } from "../support/graphs.js";
import { regionNames as regions, sampleFrom, spottingSettings } from "../support/motion-stream.js";

// The spotter learned from what Python made of simulated streams: here is the same, made by the daemon.
const read = (name: string) => JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8"));
const SIZE = 112;
const EIGHTH = 8;

const triangle = (value: number, half: number): number => half - Math.abs((value % (2 * half)) - half);

/** training/flinch_train/data/spotting/twin.py draws the same. */
function crop(n: number): Uint8Array {
  const swing = Math.max(0, 12 - Math.abs(n - 16));
  const bytes = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const across = triangle(EIGHTH * x + (y > 64 ? swing : 0) + Math.floor(n / 4), 13 * EIGHTH);
      const down = triangle(EIGHTH * y + Math.floor(n / 8), 17 * EIGHTH);
      bytes.fill(30 + n + Math.floor((5 * across + 3 * down) / EIGHTH), 3 * (y * SIZE + x), 3 * (y * SIZE + x) + 3);
    }
  }
  return bytes;
}

const valuesOf = ({ displacement, change, head }: MotionSample): number[] => [...displacement, ...change, ...head];
const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

t.test("regions move by the same numbers on both sides", async (t) => {
  const graph = await openGraph("motion");
  t.teardown(() => graph.close());
  const { stepMs, samples } = read("region-motion-twin.json") as { stepMs: number; samples: number[][] };
  const motion = new RegionMotion(graph, regions, SIZE, 0.36 * SIZE);
  const differences: number[] = [];
  for (const [n, wanted] of samples.entries()) {
    const found = await motion.measure({
      face: 1,
      timeMs: n * stepMs,
      crop: crop(n),
      eyeDistancePx: 80,
      cropCentre: { x: 300 + n, y: 200 },
    });
    differences.push(...valuesOf(found).map((value, i) => value - (wanted[i] ?? Number.NaN)));
  }
  t.ok(largest(samples.flat()) > 100, "something moved");
  t.ok(largest(differences) < 0.02, `largest difference ${largest(differences)}`);
});

t.test("the spotter's network says the same on both sides, from uneven samples on", async (t) => {
  const graph = await openGraph("spotter");
  t.teardown(() => graph.close());
  const { timesMs, samples, said } = read("spotter-twin.json") as Record<"timesMs", number[]> &
    Record<"samples" | "said", number[][]>;
  const grid = new Grid(regions.length);
  const net = new SpotNet(graph, spotLayout(shippedEntry("spotter")));
  const found: number[][] = [];
  for (const [i, timeMs] of timesMs.entries()) {
    for (const step of grid.push(sampleFrom(timeMs, samples[i] ?? []))) {
      const saying = await net.ask(step);
      if (saying !== undefined) found.push([saying.timeMs, saying.probability, ...saying.ages]);
    }
  }
  for await (const saying of net.hold()) found.push([saying.timeMs, saying.probability, ...saying.ages]);
  t.equal(found.length, said.length);
  t.ok(
    said.some(([, probability = 0]) => probability > 0.5),
    "an expression is among them",
  );
  t.ok(largest(found.flatMap((row, i) => [(row[1] ?? 0) - (said[i]?.[1] ?? 9)])) < 0.002);
  t.ok(largest(found.flatMap((row, i) => row.map((value, k) => value - (said[i]?.[k] ?? Number.NaN)))) < 1);
});

t.test("the spotter hands over the same candidates on both sides, with the same marks", async (t) => {
  const graph = await openGraph("spotter");
  t.teardown(() => graph.close());
  const { timesMs, samples, threshold, handedOver } = read("spotter-twin.json") as Record<"timesMs", number[]> &
    Record<"samples" | "handedOver", number[][]> & { threshold: number };
  const settings = { ...spottingSettings, method: "learned", minProbability: threshold } as const;
  const spotter = new LearnedSpotter(graph, spotLayout(shippedEntry("spotter")), regions, () => settings);
  const spotted: Spotted[] = [];
  for (const [i, timeMs] of timesMs.entries())
    spotted.push(...(await spotter.push(sampleFrom(timeMs, samples[i] ?? []))));
  spotted.push(...(await spotter.end()));
  const found = spotted.flatMap((one) => (one.kind === "candidate" ? [one.candidate] : []));
  t.equal(found.length, handedOver.length);
  t.ok(handedOver.length > 0, "the expression is among them");
  for (const [i, { onsetMs, apexMs, offsetMs, probability }] of found.entries()) {
    const [onset, apex, offset, p] = handedOver[i] as [number, number, number, number];
    t.ok(largest([onsetMs - onset, apexMs - apex, offsetMs - offset]) < 1, `marks of candidate ${i}`);
    t.ok(Math.abs((probability ?? 9) - p) < 0.002);
  }
});
