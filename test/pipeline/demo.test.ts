import t from "tap";
import type { Detection } from "../../src/contract/event.js";
import type { EmotionStatement } from "../../src/contract/statement.js";
import { matchIntervals } from "../../src/evaluation/match.js";
import { isMicroExpression } from "../../src/evaluation/truth.js";
import { valenceOfEmotion } from "../../src/evaluation/valence.js";
import { likeliest } from "../../src/lib/likeliest.js";
import { flinch } from "../support/cli.js";
import { DEMO_VIDEO, demoActs } from "../support/demo.js";
import { shippedEntry } from "../support/graphs.js";

const first = await flinch("analyze", DEMO_VIDEO);
const detections = first.output.map((line) => JSON.parse(line) as Detection & EmotionStatement);
const hsta = shippedEntry("hsta");

t.test("the bundled video gives nothing but events on standard output, each whole", async (t) => {
  t.same([first.status, first.plain], [0, []]);
  t.ok(detections.length > 0);
  for (const d of detections) {
    t.match(d, {
      id: /^[0-9a-f-]{36}$/,
      face: 1,
      onsetMs: Number,
      apexMs: Number,
      offsetMs: Number,
      report: "emotion",
      label: String,
      confidence: Number,
      spotting: { score: Number, reason: /\S/ },
      model: { name: hsta.name, sha256: hsta.sha256 },
    });
    t.ok(0 <= d.onsetMs && d.onsetMs < d.apexMs && d.apexMs < d.offsetMs && d.offsetMs <= 30_000, d.id);
    t.same(Object.keys(d.probabilities), hsta["labels"]);
    const sum = Object.values(d.probabilities).reduce((total, p) => total + p, 0);
    t.ok(Math.abs(sum - 1) < 1e-3, `probabilities sum to ${sum}`);
    const best = Math.max(...Object.entries(d.probabilities).map(([label, p]) => (label === "none" ? 0 : p)));
    t.same([d.probabilities[d.label], d.confidence, d.label === "none"], [best, best, false]);
    t.equal(d.none, d.probabilities.none);
    const units = hsta["actionUnits"] as readonly string[] | undefined;
    t.same(
      d.actionUnits && Object.keys(d.actionUnits),
      units?.map((unit) => `AU${unit}`),
    );
    const faint = d.spotting.reason.startsWith("something moved faintly and returned within");
    t.equal(d.spotting.regions.length === 0, faint, d.spotting.reason);
  }
  t.ok(
    detections.every((d) => d.spotting.regions.length > 0),
    "none is too faint to name a region",
  );
});

t.test("events come in order, each under an id of its own", async (t) => {
  const apexes = detections.map((d) => d.apexMs);
  t.same(
    apexes,
    [...apexes].sort((p, q) => p - q),
  );
  t.equal(new Set(detections.map((d) => d.id)).size, detections.length);
});

t.test("a second run gives the same bytes", async (t) => {
  t.same((await flinch("analyze", DEMO_VIDEO)).output, first.output);
});

t.test("all that the face did but one is found, and nothing else; four valences in five are right", async (t) => {
  const acts = demoActs.filter(isMicroExpression);
  const { matches, missed, falseReports } = matchIntervals(acts, detections, 0.5);
  const times = (spans: readonly { onsetMs: number; offsetMs: number }[]) =>
    spans.map(({ onsetMs, offsetMs }) => `${onsetMs}-${offsetMs} ms`).join(", ");
  t.ok(missed.length <= 1, `missed: ${times(missed)}`);
  t.equal(falseReports.length, 0, `false: ${times(falseReports)}`);
  const verdicts = matches.flatMap(({ truth, report }) => {
    const meant = valenceOfEmotion(truth.emotion ?? "");
    return meant === undefined ? [] : [likeliest(report.valence)[0] === meant];
  });
  t.ok(verdicts.length > 0);
  const right = verdicts.filter(Boolean).length;
  t.ok(right >= 0.8 * verdicts.length, `${right} of ${verdicts.length} valences right`);
});
