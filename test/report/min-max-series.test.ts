import t from "tap";
import { MinMaxSeries } from "../../src/report/min-max-series.js";
import { Random } from "../support/random.js";

t.test("a short series is kept as it came", async (t) => {
  const series = new MinMaxSeries(2, 8);
  series.push(0, [1, -1]);
  series.push(16, [2, -2]);
  t.same(series.buckets(), {
    widthMs: 1,
    startsMs: [0, 16],
    low: [
      [1, 2],
      [-1, -2],
    ],
    high: [
      [1, 2],
      [-1, -2],
    ],
  });
});

t.test("a long one keeps within its capacity, and every bucket its extremes", async (t) => {
  const random = new Random(3);
  const values = Array.from({ length: 20_000 }, (_, i) => ({
    timeMs: i * 16.67 + 3 * random.uniform(),
    pair: [random.normal(), random.normal()].map(Math.fround),
  }));
  const series = new MinMaxSeries(2, 100);
  for (const [i, { timeMs, pair }] of values.entries()) {
    series.push(timeMs, pair);
    if (i % 1000 === 0) t.ok(series.buckets().startsMs.length <= 100);
  }
  const { widthMs, startsMs, low, high } = series.buckets();
  t.ok(startsMs.length > 50 && startsMs.length <= 100, `${startsMs.length} buckets`);
  let seen = 0;
  for (const [i, startMs] of startsMs.entries()) {
    const inside = values.filter(({ timeMs }) => timeMs >= startMs && timeMs < startMs + widthMs);
    seen += inside.length;
    for (const channel of [0, 1]) {
      const column = inside.map(({ pair }) => pair[channel] as number);
      t.equal(low[channel]?.[i], Math.min(...column));
      t.equal(high[channel]?.[i], Math.max(...column));
    }
  }
  t.equal(seen, values.length, "no moment is lost");
});

t.test("a span without values takes no bucket", async (t) => {
  const series = new MinMaxSeries(1, 4);
  for (const timeMs of [0, 1, 3_600_000, 3_600_001]) series.push(timeMs, [timeMs]);
  t.same(series.buckets().startsMs, [0, 1, 3_600_000, 3_600_001]);
  series.push(3_600_002, [7]);
  t.same(series.buckets(), {
    widthMs: 2,
    startsMs: [0, 3_600_000, 3_600_002],
    low: [[0, 3_600_000, 7]],
    high: [[1, 3_600_001, 7]],
  });
});

t.test("one bucket cannot be halved", async (t) => {
  t.throws(() => new MinMaxSeries(1, 1), RangeError);
});
