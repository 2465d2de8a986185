import t from "tap";
import { columnsOf, indexAt, middleOf, pathOf } from "../../src/report/page/curve.js";
import { joined } from "../../src/report/page/marks.js";
import { around, panned, ticksOf, within, zoomed } from "../../src/report/page/view.js";

const HOUR = 3_600_000;

t.test("a view stays inside the stream and is never too narrow to see something", async (t) => {
  t.same(within({ fromMs: -500, toMs: 500 }, HOUR), { fromMs: 0, toMs: 1000 });
  t.same(within({ fromMs: HOUR - 500, toMs: HOUR + 500 }, HOUR), { fromMs: HOUR - 1000, toMs: HOUR });
  t.same(within({ fromMs: -1, toMs: 2 * HOUR }, HOUR), { fromMs: 0, toMs: HOUR });
  t.same(within({ fromMs: 500, toMs: 501 }, HOUR), { fromMs: 500, toMs: 620 });
  t.same(within({ fromMs: 0, toMs: 0 }, 0), { fromMs: 0, toMs: 120 }, "of an empty stream too");
});

t.test("zooming holds the moment that is pointed at", async (t) => {
  t.same(zoomed({ fromMs: 1000, toMs: 2000 }, 0.5, HOUR, 1250), { fromMs: 1125, toMs: 1625 });
  t.same(zoomed({ fromMs: 1000, toMs: 2000 }, 2, HOUR), { fromMs: 500, toMs: 2500 });
  const narrow = { fromMs: 1000, toMs: 1120 };
  t.same(zoomed(narrow, 0.5, HOUR, 1100), narrow, "at the narrowest nothing moves");
});

t.test("panning goes by shares of the view, and stops at the ends", async (t) => {
  t.same(panned({ fromMs: 1000, toMs: 2000 }, 0.2, HOUR), { fromMs: 1200, toMs: 2200 });
  t.same(panned({ fromMs: 1000, toMs: 2000 }, -1e9, HOUR), { fromMs: 0, toMs: 1000 });
  t.same(panned({ fromMs: 1000, toMs: 2000 }, 1e9, HOUR), { fromMs: HOUR - 1000, toMs: HOUR });
});

t.test("a movement is looked at with some time on either side", async (t) => {
  const { fromMs, toMs } = around({ onsetMs: 5000, offsetMs: 5400 }, HOUR);
  t.equal(5000 - fromMs, toMs - 5400);
  t.ok(fromMs < 4500);
});

t.test("ticks are round, inside the view, and not too many", async (t) => {
  t.same(ticksOf({ fromMs: 5830, toMs: 7990 }, 12), {
    stepMs: 200,
    timesMs: [6000, 6200, 6400, 6600, 6800, 7000, 7200, 7400, 7600, 7800],
  });
  for (const width of [120, 777, 30_000, HOUR]) {
    const { stepMs, timesMs } = ticksOf({ fromMs: 1000, toMs: 1000 + width }, 9);
    t.ok(timesMs.length >= 1 && timesMs.length <= 10, `${timesMs.length} over ${width} ms`);
    for (const timeMs of timesMs) t.ok(timeMs >= 1000 && timeMs <= 1000 + width && timeMs % stepMs === 0);
  }
});

const set = { widthMs: 10, startsMs: [0, 10, 20, 30, 1000, 1010], unit: 0.1 };
const curve = { low: [1, 2, -30, 4, 5, 6], high: [1, 2, 30, 4, 5, 6] };

t.test("a moment finds its bucket, and in a gap the next", async (t) => {
  t.same(
    [-5, 0, 9, 10, 35, 500, 1005, 2000].map((timeMs) => indexAt(set, timeMs)),
    [0, 0, 0, 1, 3, 4, 4, 6],
  );
});

t.test("a curve has a column a pixel that spans what is in it, and a break where nothing was seen", async (t) => {
  const fine = columnsOf(set, curve, { fromMs: 0, toMs: 2000 }, 2000);
  t.same(
    fine.map(({ joined }) => joined),
    [false, true, true, true, false, true],
  );
  const coarse = columnsOf(set, curve, { fromMs: 0, toMs: 2000 }, 4);
  t.equal(coarse.length, 2);
  t.match(coarse[0], { low: -3, high: 3, index: 2, joined: false });
  const path = pathOf(
    coarse,
    (timeMs) => timeMs,
    (value) => -value,
  );
  t.equal(path, "M5.0 -3.0V3.0M1005.0 -0.6V-0.5");
});

t.test("a curve goes on beyond both edges of the view, by one bucket", async (t) => {
  const columns = columnsOf(set, curve, { fromMs: 12, toMs: 18 }, 100);
  t.same(
    columns.map(({ index }) => index),
    [0, 1, 2],
  );
});

t.test("a trace has its middle where half of it lies below", async (t) => {
  const column = (low: number, high: number) => ({ atMs: 0, low, high, joined: true, index: 0 });
  t.equal(middleOf([column(0, 2), column(100, 100), column(3, 3)]), 3);
  t.equal(middleOf([]), 0);
});

t.test("shades that touch are one, and none is narrower than a pixel", async (t) => {
  t.same(
    joined([
      [10, 20],
      [0, 0.1],
      [15, 40],
      [30, 35],
      [60, 61],
    ]),
    [
      [0, 1],
      [10, 40],
      [60, 61],
    ],
  );
});
