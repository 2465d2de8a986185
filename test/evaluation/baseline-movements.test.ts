import { test } from "tap";
import { HalfSpans } from "../../src/evaluation/baselines/half-spans.js";
import { meanOfLargestThird } from "../../src/evaluation/baselines/largest-third.js";
import { peaksAbove, runsAbove } from "../../src/evaluation/baselines/movements.js";
import { contrasted, type Sample, scaled, valueAt } from "../../src/evaluation/baselines/series.js";

/** Samples every 20 ms from 0. */
const series = (...values: number[]): Sample[] => values.map((value, i) => ({ timeMs: 20 * i, value }));
const flat = (count: number, value = 0): number[] => Array.from({ length: count }, () => value);

test("crops are taken at most every 20 ms, whatever the camera's rate", async (t) => {
  for (const [fps, taken] of [
    [200, 50],
    [50, 50],
    [60, 30],
    [30, 30],
  ] as const) {
    const spans = new HalfSpans<number>(200);
    let count = 0;
    for (let i = 0; i < fps; i++) {
      const wavering = (i * 1000) / fps + (i % 2 === 0 ? 0.4 : -0.4);
      if (!spans.isDue(wavering)) continue;
      spans.push(wavering, i);
      count++;
    }
    t.equal(count, taken, `${fps} fps`);
  }
});

test("every moment meets what was there half a span before and after, once", async (t) => {
  const spans = new HalfSpans<number>(160);
  const complete = [];
  for (let i = 0; i < 30; i++) complete.push(...spans.push((i * 100) / 3, i));
  t.same(
    complete.map(({ head, current, tail }) => [head, current, tail]),
    [[0, 4, 9], ...Array.from({ length: 20 }, (_, i) => [i, i + 5, i + 10])],
    "the first a little off, for want of an earlier one",
  );
});

test("a moment whose neighbour was never seen is left out", async (t) => {
  const spans = new HalfSpans<number>(100);
  const times = [0, 20, 40, 60, 80, 100, 120, 600, 620, 640, 660, 680, 700, 720, 740, 760, 780, 800];
  const complete = times.flatMap((timeMs) => spans.push(timeMs, timeMs));
  t.ok(complete.length > 0);
  for (const { timeMs, head, tail } of complete) {
    t.ok(Math.abs(timeMs - 100 - head) <= 50 && Math.abs(timeMs + 100 - tail) <= 50, `${head}, ${timeMs}, ${tail}`);
  }
});

test("the mean of the largest third", async (t) => {
  t.equal(meanOfLargestThird([1, 9, 2, 8, 3, 4]), 8.5);
  t.equal(meanOfLargestThird([-3, -1, -2]), -1);
  t.equal(meanOfLargestThird(Float32Array.of(10, 9, 100)), 100, "by size, not by name");
});

test("a series is read between its samples, and not beyond them", async (t) => {
  const samples = [...series(0, 2), { timeMs: 500, value: 8 }];
  t.equal(valueAt(samples, 5), 0.5);
  t.equal(valueAt(samples, 20), 2);
  t.equal(valueAt(samples, 500), 8);
  t.equal(valueAt(samples, 300), undefined, "a gap");
  t.equal(valueAt(samples, -1), undefined);
  t.equal(valueAt(samples, 501), undefined);
});

test("contrast keeps a peak and loses a slope", async (t) => {
  const slope = series(...Array.from({ length: 21 }, (_, i) => 3 * i));
  t.ok(contrasted(slope, 100).every(({ value }) => Math.abs(value) < 1e-9));
  t.equal(contrasted(slope, 100).length, 11, "where both neighbours are");
  const peak = contrasted(series(...flat(10), 6, ...flat(10)), 100);
  t.same(
    peak.map(({ value }) => value),
    [-3, 0, 0, 0, 0, 6, 0, 0, 0, 0, -3],
  );
});

test("a scaled series has its mean at 0 and its highest at 1", async (t) => {
  const values = scaled(series(1, 1, 1, 5)).map(({ value }) => value);
  t.same(values, [-1 / 3, -1 / 3, -1 / 3, 1]);
  t.same(
    scaled(series(2, 2)).map(({ value }) => value),
    [0, 0],
  );
  t.same(scaled([]), []);
});

test("a run reaches from crossing to crossing", async (t) => {
  const [run, ...more] = runsAbove(series(0, 0, 2, 4, 6, 4, 0, 0), 1);
  t.same(run, { onsetMs: 30, apexMs: 80, offsetMs: 115, score: 6 });
  t.same(more, []);
  t.same(runsAbove(series(0, 0, 2, 4, 6, 4, 0, 0), 6), [], "the threshold itself is not above");
});

test("runs of one movement are joined, and the higher has the apex", async (t) => {
  const rise = [0, 4, 4, 4, 0];
  const fall = [0, 5, 5, 5, 0];
  const joined = runsAbove(series(...rise, ...fall), 1);
  t.equal(joined.length, 1);
  t.same([joined[0]?.apexMs, joined[0]?.score], [120, 5]);
  t.ok((joined[0]?.onsetMs ?? 99) < 20 && (joined[0]?.offsetMs ?? 0) > 160);
  t.equal(runsAbove(series(...rise, ...flat(8), ...fall), 1).length, 2, "farther apart they are two");
});

test("what is too short or too long for a micro-expression is none", async (t) => {
  const run = (samples: number) => runsAbove(series(...flat(5), ...flat(samples, 9), ...flat(5)), 8.9);
  t.equal(run(3).length, 0);
  t.equal(run(5).length, 1);
  t.equal(run(26).length, 1);
  t.equal(run(29).length, 0);
});

test("a run ends where the face was gone", async (t) => {
  const samples = series(...flat(5, 9)).concat(series(...flat(6, 9)).map((s) => ({ ...s, timeMs: s.timeMs + 1000 })));
  t.same(
    runsAbove(samples, 1).map(({ onsetMs, offsetMs }) => [onsetMs, offsetMs]),
    [
      [0, 80],
      [1000, 1100],
    ],
  );
});

test("of peaks nearer than half a span the highest stands, half a span to both sides", async (t) => {
  const samples = series(0, 3, 0, 0, 5, 0, 0, 4, 0, 0, 0, 0, 0, 0, 2, 0, 0);
  t.same(peaksAbove(samples, 1, 160), [
    { onsetMs: -80, apexMs: 80, offsetMs: 240, score: 5 },
    { onsetMs: 120, apexMs: 280, offsetMs: 440, score: 2 },
  ]);
  t.same(peaksAbove(samples, 4, 160).length, 1);
});
