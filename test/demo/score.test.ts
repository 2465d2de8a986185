import { test } from "tap";
import type { MicroExpressionEvent } from "../../src/contract/event.js";
import { arrivalOf } from "../../src/demo/arrival.js";
import { scoreOf, summaryOf } from "../../src/demo/score.js";
import { eventLine } from "../../src/demo/screen.js";
import { tableOf } from "../../src/demo/table.js";
import type { Truth } from "../../src/evaluation/truth.js";
import { sampleEvent } from "../support/event.js";

const START = Date.parse("2026-01-01T00:00:00.000Z");

const at = (ms: number) => new Date(START + ms).toISOString();

function event(onsetMs: number, offsetMs: number, label: string): MicroExpressionEvent {
  const happy = label === "happy";
  return {
    ...sampleEvent(),
    id: `at-${onsetMs}`,
    onsetMs,
    offsetMs,
    onsetAt: at(onsetMs),
    offsetAt: at(offsetMs),
    label,
    confidence: 0.81,
    valence: { negative: happy ? 0.1 : 0.8, positive: happy ? 0.8 : 0.1, surprise: 0.1 },
  };
}

const arrive = (found: MicroExpressionEvent, afterMs: number) => arrivalOf(found, START + found.offsetMs + afterMs);
const act = (kind: string, onsetMs: number, offsetMs: number, emotion: string | null) => ({
  kind,
  face: 0,
  onsetMs,
  apexMs: (onsetMs + offsetMs) / 2,
  offsetMs,
  emotion,
  actionUnits: [],
});

const truth: Truth = {
  fps: 60,
  durationMs: 10_000,
  events: [
    act("micro_expression", 1000, 1300, "happy"),
    act("blink", 2000, 2200, null),
    act("micro_expression", 3000, 3300, "fear"),
    act("micro_expression", 4000, 4300, "others"),
    act("micro_expression", 5000, 5300, "sad"),
  ],
};

const arrivals = [
  arrive(event(1020, 1300, "happy"), 100),
  arrive(event(2010, 2190, "sad"), 120),
  arrive(event(3000, 3280, "happy"), 140),
  arrive(event(4000, 4290, "sad"), 160),
];

test("arrivals are timed from the end of the expression", async (t) => {
  t.equal(arrivals[0]?.arrivedAfterMs, 100);
});

test("the score is held against micro-expressions alone", async (t) => {
  const score = scoreOf(truth, arrivals);
  t.equal(score.matches.length, 3);
  t.equal(score.missed.length, 1);
  t.equal(score.falseReports.length, 1, "the blink");
  t.equal(summaryOf(score), "demo: reported 3 of 4 micro-expressions, 1 false events, p95 latency 160 ms");
});

test("nothing arrived", async (t) => {
  t.equal(
    summaryOf(scoreOf(truth, [])),
    "demo: reported 0 of 4 micro-expressions, 0 false events, p95 latency unknown",
  );
});

test("the table has a row for everything seen and everything said, in order of time", async (t) => {
  const [heading, ...rows] = tableOf(scoreOf(truth, arrivals), truth);
  t.match(heading, /in the video +reported +overlap +valence/);
  t.match(rows, [
    /1\.00–1\.30 s +happy +1\.02–1\.30 s +happy 81 % +0\.93 +hit +right/,
    /\(blink\) +2\.01–2\.19 s +sad 81 % +false$/,
    /3\.00–3\.30 s +fear .* hit +wrong/,
    /4\.00–4\.30 s +others .* hit +–$/,
    /5\.00–5\.30 s +sad +– +miss$/,
  ]);
  t.equal(rows.length, 5);
});

test("an event that may say less is shown with what it says", async (t) => {
  const { report: _, label: __, confidence: ___, probabilities: ____, valence, none, ...found } = sampleEvent();
  const events: MicroExpressionEvent[] = [
    { ...found, none, report: "valence", label: "surprise", confidence: 0.7, valence },
    { ...found, none, report: "action_units", actionUnits: { AU1: 0.2, AU4: 0.9, AU12: 0.1 } },
    { ...found, none, report: "motion" },
  ];
  const shown = [/surprise +70 % +100 ms/, /AU4 +90 % +100 ms/, /movement +100 ms/];
  const verdicts = [/surprise 70 % +1\.00 +hit +right$/, /AU4 90 % +1\.00 +hit +–$/, /movement +1\.00 +hit +–$/];
  for (const [i, event] of events.entries()) {
    const arrived = arrive({ ...event, onsetMs: 1000, offsetMs: 1300, onsetAt: "", offsetAt: at(1300) }, 100);
    t.match(eventLine(arrived), shown[i], event.report);
    const seen = { ...truth, events: [act("micro_expression", 1000, 1300, "surprise")] };
    t.match(tableOf(scoreOf(seen, [arrived]), seen)[1], verdicts[i], event.report);
  }
});

test("a line about an event says what, when, how sure and how late", async (t) => {
  const [first] = arrivals;
  t.match(first && eventLine(first), /1\.02–1\.30 s +happy +81 % +100 ms after its end +left brow/);
});
