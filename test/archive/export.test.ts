import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { flinch } from "../support/cli.js";
import { elanFaults, elanIn, rowsOf, spansIn, subtitlesIn, textOf } from "./support/read.js";
import { events, model, resultsIn, summary } from "./support/results.js";

t.test("CSV has a row for each event and each movement, and says what its columns are", async (t) => {
  const folder = resultsIn(t.testdir());
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
    onset_ms: "3600500.2",
    onset_at: "",
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
  t.match(
    all[3],
    { id: "", onset_ms: "", offset_ms: "", apex_ms: "5000", label: "", p_sad: "" },
    "what is not known is empty",
  );
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
    described.find(({ column }) => column === "onset_ms"),
    { kind: "number", unit: "ms from the start of the recording" },
  );
});

t.test("a column stands only for what the events may tell", async (t) => {
  const motion = events.map(({ id, face, onsetMs, apexMs, offsetMs, none, spotting, context }) => {
    return { id, face, onsetMs, apexMs, offsetMs, report: "motion" as const, none, spotting, context, model };
  });
  const folder = resultsIn(t.testdir(), "quiet", { events: motion });
  await flinch("export", folder, "--to", "csv,srt");
  const [first = {}] = rowsOf(join(folder, "quiet.events.csv"));
  t.same(
    Object.keys(first).filter((name) => /^(p_|valence_|AU)/.test(name)),
    [],
  );
  t.match(first, { report: "motion", label: "", none: "0.1" });
  t.match(textOf(join(folder, "quiet.srt")), /Face 2: a movement/);
});

t.test("subtitles are where FFmpeg finds them, to the millisecond", async (t) => {
  const folder = resultsIn(t.testdir());
  await flinch("export", folder, "--to", "srt");
  t.same(subtitlesIn(join(folder, "room-3.srt")), [
    "1.000000,1.000000",
    "3600.500000,1.000000",
    "3600.700000,1.000000",
  ]);
});

t.test("an ELAN document has a tier for each thing of each face, none of them with two at once", async (t) => {
  const folder = resultsIn(t.testdir());
  const { status } = await flinch("export", folder, "--to", "eaf");
  t.equal(status, 0);
  const read = elanIn(join(folder, "room-3.eaf"));
  t.match(read, { format: "3.0", media: ["./%3DRoom%203%2C%20morning.mp4"] });
  t.same(elanFaults(read), []);
  t.same(spansIn(read), {
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
  const { status } = await flinch("export", resultsIn(dir, "a"), resultsIn(dir, "b"), "--to", "srt,eaf", "--out", out);
  t.equal(status, 0);
  t.same(readdirSync(out).sort(), ["a.eaf", "a.srt", "b.eaf", "b.srt"]);
});

t.test("what cannot be read, written or meant is said, and nothing is written before all is read", async (t) => {
  const dir = t.testdir();
  const empty = join(dir, "empty");
  mkdirSync(empty);
  const whole = resultsIn(dir, "whole");
  const failed = async (...args: string[]) => {
    const { status, plain } = await flinch("export", ...args);
    t.equal(status, 1);
    return plain.at(-1) ?? "";
  };
  t.match(await failed(empty, "--to", "csv"), /holds no results \(no summary\.json\).*\[RESULTS_UNREADABLE\]$/);
  const damaged = resultsIn(dir, "damaged");
  writeFileSync(join(damaged, "events.ndjson"), '{"id": "one"}\n{"id": "tw');
  t.match(await failed(whole, damaged, "--to", "csv"), /events\.ndjson', line 2, is not.*\[RESULTS_UNREADABLE\]$/);
  t.same(readdirSync(whole).sort(), ["events.ndjson", "movements.ndjson", "summary.json"]);
  rmSync(join(damaged, "events.ndjson"));
  t.match(await failed(damaged, "--to", "csv"), /events\.ndjson' cannot be read.*\[RESULTS_UNREADABLE\]$/);
  const file = join(dir, "file");
  writeFileSync(file, "");
  t.match(await failed(whole, "--to", "srt", "--out", file), /cannot be written: .*\[EXPORT_UNWRITABLE\]$/);
  t.match(await failed(whole), /name a format: --to takes csv, json, parquet, eaf, srt.*\[USAGE\]$/);
  t.match(await failed(whole, "--to", "csv,xlsx"), /there is no format 'xlsx'.*\[USAGE\]$/);
});

t.test("JSON holds everything, in one document", async (t) => {
  const folder = resultsIn(t.testdir());
  await flinch("export", folder, "--to", "json");
  const read = JSON.parse(textOf(join(folder, "room-3.json"))) as Record<string, unknown>;
  t.match(read, { schema: "flinch/export/1", name: "room-3", video: summary.video, session: undefined });
  t.same(read["zero"], { what: "recording", at: null });
  t.same(read["summary"], summary);
  t.same(read["events"], events, "as they are in events.ndjson");
  t.match(read["movements"], [
    { id: "one", verdict: "event", statement: { report: "emotion", onsetMs: undefined } },
    {},
    {},
    { id: null, verdict: "blink", apexAt: null },
  ]);
  t.notOk("labels" in read || "signals" in read, "nobody labels a file, and its signals were not kept");
});
