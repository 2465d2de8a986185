import t from "tap";
import { groupSeriesOf, scoreSeries } from "../../src/web/report/curves.js";
import { panned, within, zoomed } from "../../src/web/report/view.js";

const HOUR = 3_600_000;

t.test("a view stays inside the recording and is never too narrow to see something", async (t) => {
  t.same(within({ fromMs: -500, toMs: 500 }, HOUR), { fromMs: 0, toMs: 1000 });
  t.same(within({ fromMs: HOUR - 500, toMs: HOUR + 500 }, HOUR), { fromMs: HOUR - 1000, toMs: HOUR });
  t.same(within({ fromMs: -1, toMs: 2 * HOUR }, HOUR), { fromMs: 0, toMs: HOUR });
  t.same(within({ fromMs: 500, toMs: 501 }, HOUR), { fromMs: 500, toMs: 620 });
  t.same(within({ fromMs: 0, toMs: 0 }, 0), { fromMs: 0, toMs: 120 }, "of an empty one too");
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

const curve = { low: [1, 2, -30, 4, 5], high: [1, 2, 30, 4, 5] };
const set = { widthMs: 10, startsMs: [0, 10, 20, 1000, 1010], unit: 0.1 };

t.test("the score has its extremes, and a gap where nobody was seen", async (t) => {
  const [times, high, low] = scoreSeries({ score: { ...set, curve } } as never);
  t.same(times, [0, 0.01, 0.02, 0.51, 1, 1.01]);
  t.strictSame(
    high?.map((value) => value && Math.round(10 * value)),
    [1, 2, 30, null, 4, 5],
  );
  t.strictSame(low?.[2], -3);
});

t.test("a group is as far from its place as the farthest of its regions", async (t) => {
  const still = { low: [0, 0, 0, 0, 0] };
  const regions = [
    { name: "a", x: curve, y: still },
    { name: "b", x: still, y: { low: [0, 50, 0, 0, 0] } },
    { name: "c", x: { low: [90, 90, 90, 90, 90] }, y: still },
  ];
  const [, far] = groupSeriesOf({ traces: { ...set, regions } } as never, [{ name: "ab", regions: [0, 1] }] as never);
  t.same(
    far?.map((value) => value && Math.round(10 * value) / 10),
    [0.1, 5, 3, null, 0.4, 0.5],
  );
});
