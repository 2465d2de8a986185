import t from "tap";
import { classScores } from "../../src/evaluation/classification.js";
import type { Report, TrackPoint } from "../../src/evaluation/observe.js";
import { identityOf } from "../../src/evaluation/person.js";
import { recognitionScore, spottingScore, sumOf, tallyOf } from "../../src/evaluation/spotting-score.js";
import type { Act, Place, Truth } from "../../src/evaluation/truth.js";

const HOUR = 3_600_000;
const act = (face: number, onsetMs: number, emotion = "happy"): Act => ({
  kind: "micro_expression",
  face,
  onsetMs,
  apexMs: onsetMs + 100,
  offsetMs: onsetMs + 250,
  emotion,
  actionUnits: ["12"],
});
const report = (face: number, onsetMs: number, named?: Report["named"]): Report => ({
  face,
  onsetMs,
  apexMs: onsetMs + 100,
  offsetMs: onsetMs + 250,
  score: 0.9,
  settledMs: onsetMs + 380,
  ...(named && { named }),
});
const placesAt = (x: number, fromMs = 0, toMs = 20_000): Place[] =>
  Array.from({ length: (toMs - fromMs) / 100 }, (_, i) => [fromMs + 100 * i, x, 200, 60]);
const trackAt = (x: number, fromMs = 0, toMs = 20_000): TrackPoint[] =>
  Array.from({ length: (toMs - fromMs) / 100 }, (_, i) => [fromMs + 100 * i, x + 5, 225]);

const truth: Truth = {
  fps: 30,
  durationMs: 20_000,
  events: [act(0, 2000), act(1, 2000, "anger"), act(0, 9000, "surprise"), { ...act(0, 12_000), kind: "blink" }],
  faces: [
    { seated: true, places: placesAt(100) },
    { seated: true, places: placesAt(400) },
    { seated: false, places: placesAt(250, 5000, 8000) },
  ],
};

t.test("a report counts for the person whom its track followed, whatever the track's number", async (t) => {
  const tracks = new Map([
    [4, trackAt(400)],
    [9, trackAt(100)],
  ]);
  const tally = tallyOf(truth, tracks, [report(9, 2020), report(4, 2020), report(4, 9000)], HOUR);
  t.same(tally.matches.map(({ truth: { face }, report: { face: track } }) => [face, track]).sort(), [
    [0, 9],
    [1, 4],
  ]);
  t.same(
    tally.missed.map(({ onsetMs }) => onsetMs),
    [9000],
  );
  t.equal(tally.falseReports.length, 1, "the other's expression is none of this one's");
});

t.test("what a track of nobody reports is false", async (t) => {
  const tally = tallyOf(truth, new Map([[1, trackAt(900)]]), [report(1, 2000)], HOUR);
  t.equal(tally.falseReports.length, 1);
  t.equal(tally.missed.length, 3);
});

t.test("measures are those of the challenges", async (t) => {
  const tracks = new Map([
    [1, trackAt(100)],
    [2, trackAt(400)],
  ]);
  const tally = tallyOf(truth, tracks, [report(1, 2030), report(1, 15_000), report(2, 1990)], HOUR);
  const score = spottingScore(tally);
  t.match(score, { expressions: 3, found: 2, falsePerHour: 1 });
  t.ok(Math.abs(score.f1 - 4 / 6) < 1e-9);
  t.ok(Math.abs(score.apexErrorMs - 10) < 1e-9 || Math.abs(score.apexErrorMs - 30) < 1e-9);
  const twice = spottingScore(sumOf([tally, tally]));
  t.equal(twice.f1, score.f1);
  t.equal(twice.falsePerHour, score.falsePerHour);
});

t.test("spot then recognise is F1 times UF1 of what was found", async (t) => {
  const tracks = new Map([
    [1, trackAt(100)],
    [2, trackAt(400)],
  ]);
  const said = (emotion: string, valence: "negative" | "positive" | "surprise") => ({ emotion, valence, none: 0.1 });
  const tally = tallyOf(
    truth,
    tracks,
    [report(1, 2000, said("happy", "positive")), report(2, 2000, said("sad", "negative"))],
    HOUR,
  );
  const score = recognitionScore(tally);
  t.equal(score.valence.uf1, 1);
  t.equal(score.emotion.uf1, 0.5);
  t.ok(Math.abs(score.strsEmotion - 0.5 * spottingScore(tally).f1) < 1e-9);
});

t.test("UF1 and UAR count every class the same", async (t) => {
  const pairs = [
    ["a", "a"],
    ["a", "a"],
    ["a", "b"],
    ["b", "b"],
  ] as const;
  const { uf1, uar, count } = classScores(pairs);
  t.equal(count, 4);
  t.ok(Math.abs(uar - (2 / 3 + 1) / 2) < 1e-9);
  t.ok(Math.abs(uf1 - (4 / 5 + 2 / 3) / 2) < 1e-9);
});

t.test("identities: coverage, tracks too many, tracks that change hands", async (t) => {
  const seen = (tracks: Map<number, TrackPoint[]>) =>
    identityOf(truth, { frames: 1, tracks, reports: [], refused: new Map() });
  const good = seen(
    new Map([
      [1, trackAt(100)],
      [2, trackAt(400)],
      [3, trackAt(250, 5000, 8000)],
    ]),
  );
  t.match(good, { visibleMs: 40_000, extraTracks: 0, switches: 0 });
  t.ok(good.followedMs / good.visibleMs > 0.98);
  const bad = seen(
    new Map([
      [1, [...trackAt(100, 0, 6000), ...trackAt(400, 6000, 12_000)]],
      [2, trackAt(400, 12_000, 20_000)],
    ]),
  );
  t.match(bad, { extraTracks: 1, switches: 1 });
  t.ok(bad.followedMs / bad.visibleMs < 0.6);
});
