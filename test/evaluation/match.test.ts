import { test } from "tap";
import { intersectionOverUnion, matchIntervals } from "../../src/evaluation/match.js";

const interval = (onsetMs: number, offsetMs: number) => ({ onsetMs, offsetMs });

test("overlap is the shared time over the covered time", async (t) => {
  t.equal(intersectionOverUnion(interval(0, 200), interval(0, 200)), 1);
  t.equal(intersectionOverUnion(interval(0, 200), interval(100, 300)), 1 / 3);
  t.equal(intersectionOverUnion(interval(0, 400), interval(100, 300)), 0.5, "one within the other");
  t.equal(intersectionOverUnion(interval(0, 100), interval(100, 200)), 0, "touching is no overlap");
  t.equal(intersectionOverUnion(interval(0, 100), interval(500, 600)), 0);
  t.equal(intersectionOverUnion(interval(50, 50), interval(0, 100)), 0, "an instant overlaps nothing");
});

test("half is enough, less is not", async (t) => {
  const truth = [interval(0, 400)];
  t.equal(matchIntervals(truth, [interval(0, 200)]).matches.length, 1);
  t.equal(matchIntervals(truth, [interval(0, 199)]).matches.length, 0);
  t.equal(matchIntervals(truth, [interval(0, 199)], 0.3).matches.length, 1, "unless less is asked for");
});

test("an expression is found once: a second report of it is false", async (t) => {
  const truth = [interval(1000, 1300)];
  const good = interval(1010, 1300);
  const worse = interval(1080, 1320);
  const { matches, missed, falseReports } = matchIntervals(truth, [worse, good]);
  t.same(
    matches.map(({ report }) => report),
    [good],
    "the better overlap counts, whatever the order",
  );
  t.same(missed, []);
  t.same(falseReports, [worse]);
});

test("a report finds one expression: the other one is missed", async (t) => {
  const truth = [interval(0, 200), interval(210, 400)];
  const { matches, missed } = matchIntervals(truth, [interval(0, 390)]);
  t.equal(matches.length, 1);
  t.same(missed, [interval(210, 400)].slice(matches[0]?.truth === truth[0] ? 0 : 1));
});

test("matches stand in order of time, equal overlaps go to the earlier", async (t) => {
  const truth = [interval(0, 100), interval(500, 600), interval(1000, 1100)];
  const { matches } = matchIntervals(truth, [interval(1000, 1100), interval(0, 90), interval(500, 600)]);
  t.same(
    matches.map((match) => [match.truth.onsetMs, match.report.onsetMs]),
    [
      [0, 0],
      [500, 500],
      [1000, 1000],
    ],
  );
});

test("nothing to find and nothing reported", async (t) => {
  t.same(matchIntervals([], []), { matches: [], missed: [], falseReports: [] });
  t.same(matchIntervals([], [interval(0, 100)]).falseReports, [interval(0, 100)]);
  t.same(matchIntervals([interval(0, 100)], []).missed, [interval(0, 100)]);
});
