import t from "tap";
import { decidingEvidence, type Labelled, majority } from "../../../src/evaluation/room/labelled.js";
import { scoreAt } from "../../../src/evaluation/room/operating-point.js";
import { propose } from "../../../src/evaluation/room/proposal.js";
import { shareOf } from "../../../src/evaluation/room/wilson.js";

t.test("Wilson's interval is the published one", async (t) => {
  // Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  for (const [some, all, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const share = shareOf(some, all);
    t.ok(Math.abs(share.low - low) < 1e-4, `${some} of ${all} from ${share.low}`);
    t.ok(Math.abs(share.high - high) < 1e-4, `${some} of ${all} to ${share.high}`);
  }
  t.strictSame(shareOf(0, 0), { value: null, low: 0, high: 1, of: 0 });
});

t.test("most reviewers decide, and nobody where they are divided", async (t) => {
  const decided = (...decisions: ("real" | "not_real" | "unsure")[]) =>
    majority(decisions.map((decision) => ({ decision })));
  t.equal(decided("real"), true);
  t.equal(decided("real", "not_real"), undefined);
  t.equal(decided("real", "not_real", "not_real"), false);
  t.equal(decided("unsure"), undefined);
  t.equal(decided("unsure", "real"), true);
});

t.test("evidence decides over nothing that another gate has withheld", async (t) => {
  t.equal(decidingEvidence({ verdict: "event", evidence: 2 }), 2);
  t.equal(decidingEvidence({ verdict: "little_evidence", evidence: -1 }), -1);
  t.equal(decidingEvidence({ verdict: "none", evidence: 3 }), null);
  t.equal(decidingEvidence({ verdict: "blink" }), null);
});

const labels = (session: string, real: readonly number[], not: readonly number[]): Labelled[] => [
  ...real.map((evidence) => ({ session, real: true, evidence })),
  ...not.map((evidence) => ({ session, real: false, evidence })),
];

t.test("a point is scored on what would have been raised", async (t) => {
  const labelled = [...labels("a", [1, 2, 3], [0.5, 2.5]), { session: "a", real: true, evidence: null }];
  const score = scoreAt(2, labelled, 0.5);
  t.match(score, { falseEvents: 1, falsePerHour: 2 });
  t.match(score.precision, { value: 2 / 3, of: 3 });
  t.match(score.recall, { value: 0.5, of: 4 }, "what another gate withheld counts as missed");
});

const wish = { maxFalsePerHour: 2, minPrecision: 0 };

t.test("proposed is the point with the most recall within the wish", async (t) => {
  const steps = Array.from({ length: 20 }, (_, i) => i / 10);
  // Real ones lie from 0 to 1.9, others up to 0.95 in one hour: at 0.86 two others are left.
  const labelled = labels(
    "a",
    steps,
    steps.map((x) => x / 2),
  );
  const hoursOf = new Map([["a", 1]]);
  const proposal = propose({ labelled, hoursOf }, wish);
  t.match(proposal?.chosen, { falseEvents: 2, minEvidence: 0.9 });
  t.equal(proposal?.leftOut, null, "one session says nothing of another");
  t.equal(propose({ labelled: labelled.slice(0, 29), hoursOf }, wish), undefined, "too few");
  t.equal(propose({ labelled, hoursOf }, { maxFalsePerHour: 60, minPrecision: 1.1 }), undefined, "no such point");
});

t.test("a session that is left out has no say in its own point", async (t) => {
  // In session b everything false is stronger than anything in a: chosen by a alone, the point lets it all in.
  const a = labels(
    "a",
    Array.from({ length: 15 }, (_, i) => 1 + i / 100),
    Array(5).fill(0.5),
  );
  const b = labels(
    "b",
    Array.from({ length: 5 }, () => 5),
    Array.from({ length: 10 }, () => 3),
  );
  const hoursOf = new Map([
    ["a", 1],
    ["b", 1],
  ]);
  const strict = { maxFalsePerHour: 0, minPrecision: 0 };
  const proposal = propose({ labelled: [...a, ...b], hoursOf }, strict);
  t.equal(proposal?.chosen.falseEvents, 0, "chosen by both it is perfect");
  t.equal(proposal?.leftOut?.falseEvents, 10, "and b, left out, shows that it is not");
});
