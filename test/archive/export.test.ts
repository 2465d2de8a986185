import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { AnalysisSummary } from "../../src/api/index.js";
import type { Detection } from "../../src/contract/index.js";
import type { Movement } from "../../src/pipeline/index.js";
import { flinch } from "../support/cli.js";

const model = { name: "hsta-tiny-112", version: "1.0.0", sha256: "a".repeat(64) };
const summary: AnalysisSummary = {
  schema: "flinch/analysis_summary/1",
  video: "=Room 3, morning.mp4",
  frames: 600,
  framesPerSecond: 60,
  minutes: { video: 0.2, judged: 0.2, notJudged: {} },
  coverage: 1,
  faces: 2,
  events: 3,
  eventsPerHour: 900,
  withheld: { blink: 1 },
  model,
  provider: "cpu",
  cut: null,
};

function detection(face: number, onsetMs: number, id: string): Detection {
  return {
    id,
    face,
    onsetMs,
    apexMs: onsetMs + 120.4,
    offsetMs: onsetMs + 300.6,
    report: "emotion",
    label: "happy",
    confidence: 0.8,
    none: 0.1,
    probabilities: { happy: 0.8, sad: 0.1, none: 0.1 },
    valence: { negative: 0.1, positive: 0.8, surprise: 0.1 },
    actionUnits: { AU6: 0.4, AU12: 0.9 },
    spotting: {
      score: 0.97,
      regions: [{ name: "mouth_corner_left", displacement: 9 }],
      reason: 'said "so", and smiled',
    },
    context: face === 1 ? ["talking", "smiling"] : [],
    model,
  };
}

// The second begins before the first is over: ELAN has no room for both on one tier.
const events = [detection(1, 3_600_500.2, "one"), detection(1, 3_600_700, "two"), detection(2, 1000, "three")];
const blink: Movement = { face: 2, verdict: "blink", apexMs: 5000, score: 0.6, regions: [], context: ["blinking"] };
const movements: Movement[] = [
  ...events.map((event) => ({ ...event, verdict: "event" as const, score: 0.97, regions: [], statement: event })),
  blink,
];

/** A folder of results like `flinch analyze --out` makes them. */
function results(parent: string, name = "room-3", found: readonly Detection[] = events): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join("");
  writeFileSync(join(folder, "summary.json"), JSON.stringify(summary, undefined, 2));
  writeFileSync(join(folder, "events.ndjson"), lines(found));
  writeFileSync(join(folder, "movements.ndjson"), lines(movements));
  return folder;
}

/** The rows of a CSV file as Python reads them. */
function rowsOf(file: string): Record<string, string>[] {
  const program = "import csv, json, sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='')))))";
  return JSON.parse(execFileSync("python3", ["-c", program, file], { encoding: "utf8" }));
}

t.test("CSV has a row for each event and each movement, and says what its columns are", async (t) => {
  const folder = results(t.testdir());
  const { status, output } = await flinch("export", folder, "--to", "csv");
  t.equal(status, 0);
  t.same(
    output,
    ["events", "movements", "columns"].map((name) => join(folder, `room-3.${name}.csv`)),
  );
  const [first] = rowsOf(join(folder, "room-3.events.csv"));
  t.match(first, {
    video: "'=Room 3, morning.mp4",
    id: "one",
    onset: "3600500.2",
    label: "happy",
    p_sad: "0.1",
    valence_positive: "0.8",
    AU12: "0.9",
    regions: "mouth_corner_left",
    context: "talking smiling",
    reason: 'said "so", and smiled',
  });
  const all = rowsOf(join(folder, "room-3.movements.csv"));
  t.same(
    all.map(({ result }) => result),
    ["event", "event", "event", "blink"],
  );
  t.match(all[3], { onset: "", offset: "", apex: "5000", label: "", p_sad: "" }, "what is not known is empty");
  const described = rowsOf(join(folder, "room-3.columns.csv"));
  for (const [table, row] of [
    ["events", first],
    ["movements", all[0]],
  ] as const) {
    const own = described.filter((entry) => entry["table"] === table);
    t.same(
      own.map(({ column }) => column),
      Object.keys(row ?? {}),
    );
    t.ok(own.every(({ meaning }) => meaning !== ""));
  }
  t.match(
    described.find(({ column }) => column === "onset"),
    { unit: "ms from the start of the recording" },
  );
});

t.test("a column stands only for what the events may tell", async (t) => {
  const motion = events.map(({ id, face, onsetMs, apexMs, offsetMs, none, spotting, context }) => {
    return { id, face, onsetMs, apexMs, offsetMs, report: "motion" as const, none, spotting, context, model };
  });
  const folder = results(t.testdir(), "quiet", motion);
  await flinch("export", folder, "--to", "csv,srt");
  const [first = {}] = rowsOf(join(folder, "quiet.events.csv"));
  t.same(
    Object.keys(first).filter((name) => /^(p_|valence_|AU)/.test(name)),
    [],
  );
  t.match(first, { report: "motion", label: "", none: "0.1" });
  t.match(readFileSync(join(folder, "quiet.srt"), "utf8"), /Face 2: a movement/);
});

t.test("subtitles are where FFmpeg finds them, to the millisecond", async (t) => {
  const folder = results(t.testdir());
  await flinch("export", folder, "--to", "srt");
  const entries = ["-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0"];
  const packets = execFileSync("ffprobe", ["-v", "error", ...entries, join(folder, "room-3.srt")], {
    encoding: "utf8",
  });
  t.equal(packets.trim(), "1.000000,1.000000\n3600.500000,1.000000\n3600.700000,1.000000");
});

t.test("an ELAN document has a tier for each thing of each face, none of them with two at once", async (t) => {
  const folder = results(t.testdir());
  const { status } = await flinch("export", folder, "--to", "eaf");
  t.equal(status, 0);
  const program = `
import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
slots = {slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")}
spans = lambda tier: [[slots[a.get("TIME_SLOT_REF1")], slots[a.get("TIME_SLOT_REF2")], a.findtext("ANNOTATION_VALUE")]
                      for a in tier.iter("ALIGNABLE_ANNOTATION")]
print(json.dumps({"format": root.get("FORMAT"), "video": root.find("HEADER/MEDIA_DESCRIPTOR").get("RELATIVE_MEDIA_URL"),
                  "tiers": {tier.get("TIER_ID"): spans(tier) for tier in root.iter("TIER")}}))`;
  const file = join(folder, "room-3.eaf");
  const read = JSON.parse(execFileSync("python3", ["-c", program, file], { encoding: "utf8" }));
  t.match(read, { format: "3.0", video: "./%3DRoom%203%2C%20morning.mp4" });
  t.same(read.tiers, {
    "face 1: expression": [[3600500, 3600801, "happy 80 %"]],
    "face 1: expression (2)": [[3600700, 3601001, "happy 80 %"]],
    "face 1: action units": [[3600500, 3600801, "AU12"]],
    "face 1: action units (2)": [[3600700, 3601001, "AU12"]],
    "face 1: context": [[3600500, 3600801, "talking smiling"]],
    "face 1: context (2)": [[3600700, 3601001, "talking smiling"]],
    "face 1: apex": [
      [3600621, 3600622, "one"],
      [3600820, 3600821, "two"],
    ],
    "face 2: expression": [[1000, 1301, "happy 80 %"]],
    "face 2: action units": [[1000, 1301, "AU12"]],
    "face 2: apex": [[1120, 1121, "three"]],
  });
});

t.test("several recordings go into one folder", async (t) => {
  const dir = t.testdir();
  const out = join(dir, "out");
  const { status } = await flinch("export", results(dir, "a"), results(dir, "b"), "--to", "srt,eaf", "--out", out);
  t.equal(status, 0);
  t.same(readdirSync(out).sort(), ["a.eaf", "a.srt", "b.eaf", "b.srt"]);
});

t.test("what cannot be read, written or meant is said, and nothing is written before all is read", async (t) => {
  const dir = t.testdir();
  const whole = results(dir, "whole");
  const failed = async (...args: string[]) => {
    const { status, plain } = await flinch("export", ...args);
    t.equal(status, 1);
    return plain.at(-1) ?? "";
  };
  t.match(await failed(dir, "--to", "csv"), /holds no results \(no summary\.json\).*\[RESULTS_UNREADABLE\]$/);
  const damaged = results(dir, "damaged");
  writeFileSync(join(damaged, "events.ndjson"), '{"id": "one"}\n{"id": "tw');
  t.match(await failed(whole, damaged, "--to", "csv"), /events\.ndjson', line 2, is not.*\[RESULTS_UNREADABLE\]$/);
  t.same(readdirSync(whole).sort(), ["events.ndjson", "movements.ndjson", "summary.json"]);
  rmSync(join(damaged, "events.ndjson"));
  t.match(await failed(damaged, "--to", "csv"), /events\.ndjson' cannot be read.*\[RESULTS_UNREADABLE\]$/);
  const file = join(dir, "file");
  writeFileSync(file, "");
  t.match(await failed(whole, "--to", "srt", "--out", file), /cannot be written: .*\[EXPORT_UNWRITABLE\]$/);
  t.match(await failed(whole), /needs a format: --to takes csv, srt, eaf.*\[USAGE\]$/);
  t.match(await failed(whole, "--to", "csv,xlsx"), /there is no format 'xlsx'.*\[USAGE\]$/);
});
