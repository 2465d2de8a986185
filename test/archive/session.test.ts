import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { flinch } from "../support/cli.js";
import { openHistory, sampleSession } from "../support/history.js";
import { keepSession, keptBlink, keptEvent, STREAM_ZERO_MS } from "./support/kept-session.js";
import { elanFaults, elanIn, rowsOf, spansIn, subtitlesIn, textOf } from "./support/read.js";

const directory = join(t.testdir(), "outbox");
const history = openHistory(directory);
const { session, events, blink } = keepSession(history);
const outside = [keptEvent(null, 90_000), keptBlink(null, 26 * 3_600_000)];
for (const kept of outside) history.add(kept);
const gone = sampleSession(5);
history.beginSession(gone);
history.deleteSession(gone.id, "ada", "request");
history.close();

const out = t.testdirName;
const where = [`--outbox.directory=${directory}`, "--device.id=spare"];
const name = `Room-3-east_2026-03-02T12-00-00Z_${session.id.slice(0, 8)}`;
const file = (ending: string) => join(out, "files", `${name}.${ending}`);

const told = await flinch("export", session.id, "--to", "csv,json,eaf,srt", "--out", join(out, "files"), ...where);

t.test("a session makes every file, named after device, start and session", async (t) => {
  t.same([told.status, told.plain], [0, []]);
  const wanted = ["columns.csv", "eaf", "events.csv", "json", "labels.csv", "movements.csv", "srt"];
  t.same(
    readdirSync(join(out, "files")).sort(),
    wanted.map((ending) => `${name}.${ending}`),
  );
});

t.test("times count from the session's start, and give the wall clock back to the millisecond", async (t) => {
  const rows = rowsOf(file("events.csv"));
  t.equal(rows.length, events.length);
  for (const [i, row] of rows.entries()) {
    const event = events[i]?.event;
    for (const mark of ["onset", "apex", "offset"] as const) {
      const at = row[`${mark}_at`] ?? "";
      t.equal(at, event?.[`${mark}At`], "as it was published");
      const counted = Date.parse(session.startedAt) + Number(row[`${mark}_ms`]);
      t.equal(new Date(counted).toISOString(), at, `${mark} ${counted}`);
    }
    const length = Number(row["offset_ms"]) - Number(row["onset_ms"]);
    t.ok(Math.abs(length - 300.6) < 0.01, "no span is rounded away");
  }
  t.match(rows[0], { session: session.id, subject: "p-017", device: "Room 3/east", video: "", label: "happy" });
  const last = rowsOf(file("movements.csv")).find(({ id }) => id === blink.id);
  t.match(last, { result: "blink", onset_ms: "", onset_at: "", session: session.id });
  t.equal(Date.parse(session.startedAt) + Number(last?.["apex_ms"]), Math.round(STREAM_ZERO_MS + 75_000.5));
  const { unit } = rowsOf(file("columns.csv")).find(({ column }) => column === "onset_ms") ?? {};
  t.equal(unit, `ms from the start of the session, ${session.startedAt}`);
});

t.test("labels are what each reviewer says now, with marks of the same clock, and no formula", async (t) => {
  const rows = rowsOf(file("labels.csv"));
  t.match(rows, [
    { reviewer: "ada", decision: "real", version: "2", movement: events[0]?.id, note: /^'=HYPERLINK/ },
    { reviewer: "grace", decision: "not_real", onset_ms: "", onset_at: "", note: "speech; '@home" },
    { reviewer: "ada", decision: "real", movement: events[1]?.id, note: "" },
  ]);
  t.equal(rows.length, 3, "what was withdrawn is gone");
  t.equal(rows[0]?.["note"], `'=HYPERLINK("http://evil")\n'- both "brows"`);
  const [onset = {}] = rowsOf(file("events.csv"));
  // The reviewer's mark is 4.567 ms before Flinch's.
  t.ok(Math.abs(Number(onset["onset_ms"]) - Number(rows[0]?.["onset_ms"]) - 4.567) < 0.01);
  const read = JSON.parse(textOf(file("json"))) as { labels: { note: string }[] };
  t.match(read.labels[0]?.note, /^=HYPERLINK\("http:\/\/evil"\)\n- both/, "JSON has it as it was written");
});

t.test("JSON holds the session, its labels and the motion around its movements", async (t) => {
  const read = JSON.parse(textOf(file("json")));
  t.match(read, {
    session: { id: session.id, consent: "form-118" },
    report: { session: session.id },
    note: "restless",
    zero: { what: "session", at: session.startedAt },
    summary: null,
  });
  t.same(
    read.movements.map(({ id }: { id: string }) => id),
    [events[0]?.id, events[1]?.id, blink.id, events[2]?.id],
    "in order of time",
  );
  t.notMatch(JSON.stringify(read.movements), '"spotting"', "a movement's statement is no whole event");
  t.equal(read.signals.rows.length, 4 * 30);
});

t.test("an ELAN document has a tier a reviewer, and no video", async (t) => {
  const elan = elanIn(file("eaf"));
  t.same(elanFaults(elan), []);
  t.same(elan.media, []);
  t.match(elan.annotators, { "reviewer ada": "ada", "reviewer grace": "grace", "face 1: expression": "Flinch" });
  const tiers = spansIn(elan);
  t.match(tiers["reviewer ada"], [[9995, 10_365, /^real \(face 1\): =HYPERLINK\("http:\/\/evil"\)\n- both "brows"$/]]);
  t.match(tiers["reviewer ada (2)"], [[10_166, 10_467, "real (face 1)"]], "what overlaps goes beside it");
  t.match(tiers["reviewer grace"], [[10_000, 10_301, "not_real (face 1): speech; @home"]]);
  t.equal(subtitlesIn(file("srt")).length, events.length);
});

t.test("what belongs to no session counts from midnight", async (t) => {
  const { status, output } = await flinch("export", "none", "--to", "csv,srt", "--out", join(out, "none"), ...where);
  t.equal(status, 0);
  const path = join(out, "none", "Room-3-east_2026-03-02_no-session.movements.csv");
  t.ok(output.includes(path));
  const midnight = Date.UTC(2026, 2, 2);
  const rows = rowsOf(path);
  t.same(
    rows.map((row) => new Date(midnight + Number(row["apex_ms"])).toISOString()),
    rows.map((row) => row["apex_at"]),
  );
  t.same(
    rows.map(({ id }) => id),
    outside.map(({ id }) => id),
  );
  t.match(rows[1]?.["apex_at"], /^2026-03-03T/, "the day after is later");
});

t.test("what cannot be exported says why, and what to do", async (t) => {
  const failed = async (...args: string[]) => {
    const { status, plain } = await flinch("export", ...args, "--to", "csv", "--out", join(out, "no"));
    t.equal(status, 1);
    return plain.at(-1) ?? "";
  };
  const unknown = randomUUID();
  t.match(await failed(unknown, ...where), new RegExp(`${unknown} is not in the history.*HISTORY_UNKNOWN`));
  t.match(await failed(gone.id, ...where), /was deleted at .*nothing of it is kept.*HISTORY_UNKNOWN/);
  const nowhere = join(out, "nowhere");
  t.match(await failed(session.id, `--outbox.directory=${nowhere}`), /no history in .*nowhere.*HISTORY_UNKNOWN/);
  t.notOk(readdirSync(out).includes("nowhere"), "looking for a history makes none");
  const atWork = openHistory(directory);
  t.match(await failed("none", ...where), /a daemon is at work with.*end the daemon first.*HISTORY_UNWRITABLE/);
  atWork.close();
  t.notOk(readdirSync(out).includes("no"));
});
