import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { packExcerpt } from "../../src/history/excerpt-code.js";
import { openHistory, raised, reportOf, sampleExcerpt, sampleSession, withheld } from "../support/history.js";

/** Everything that lies in a directory's database files. */
const bytesOf = (directory: string) =>
  Buffer.concat(
    readdirSync(directory)
      .filter((name) => name.startsWith("history"))
      .map((name) => readFileSync(join(directory, name))),
  );

t.test("of a deleted session no byte is left of who, what was noted and how the face moved", async (t) => {
  const directory = t.testdir();
  const history = openHistory(directory);
  t.teardown(() => history.close());
  const sessions = Array.from({ length: 12 }, (_, number) =>
    sampleSession(number, { subject: `subject-${number}-x`, consent: `consent-${number}-x`, room: `room ${number}` }),
  );
  const excerpts = sessions.map((_, number) => sampleExcerpt(150, number));
  const movements = sessions.flatMap(({ id }, number) => [raised(number, id), withheld(number, id), withheld(99, id)]);
  for (const [number, session] of sessions.entries()) {
    history.beginSession(session);
    history.noteSession(session.id, `note-${number}-x`);
    history.addCoverage(session.id, {
      fromMs: 1,
      toMs: 2,
      watchedMs: 1,
      judgedMs: 1,
      gaps: { [`gap-${number}-x`]: 0 },
    });
  }
  for (const [at, movement] of movements.entries()) {
    const number = Math.floor(at / 3);
    history.add({
      ...movement,
      movement: { ...movement.movement, regions: [{ name: `region-${number}-x`, displacement: 1 }] },
    });
    history.setExcerpt(movement.id, excerpts[number] ?? sampleExcerpt());
    history.label({ movement: movement.id, reviewer: "r", decision: "real", note: `label-${number}-x` });
  }
  for (const session of sessions) history.endSession(reportOf(session));
  const traces = (number: number) => [
    ...["subject", "consent", "note", "gap", "region", "label"].map((what) => Buffer.from(`${what}-${number}-x`)),
    packExcerpt(excerpts[number] ?? sampleExcerpt()).subarray(100, 140),
    // The event's id, of the movements that had one.
    Buffer.from(movements[3 * number]?.id ?? ""),
  ];
  const [gone, kept] = [5, 6];
  for (const trace of traces(gone)) t.ok(bytesOf(directory).includes(trace), "it is there before");
  const deletion = history.deleteSession(sessions[gone]?.id ?? "", "m.keller", "request");
  t.match(deletion, { by: "m.keller", reason: "request", movements: 3, events: 1, labels: 3, clips: 3 });
  for (const trace of traces(gone)) t.notOk(bytesOf(directory).includes(trace), String(trace.subarray(0, 20)));
  for (const trace of traces(kept)) t.ok(bytesOf(directory).includes(trace), "another's stays");
  history.close();
  for (const trace of traces(gone)) t.notOk(bytesOf(directory).includes(trace));
});

t.test("that a session was deleted stays known, and nobody is named", async (t) => {
  const directory = t.testdir();
  const history = openHistory(directory);
  t.teardown(() => history.close());
  const session = sampleSession();
  history.beginSession(session);
  history.noteSession(session.id, "a note");
  const movement = raised(1, session.id);
  history.add(movement);
  history.endSession(reportOf(session));
  const deletion = history.deleteSession(session.id, "m.keller", "request");
  const record = {
    session: { ...session, subject: "", consent: "" },
    report: null,
    note: "",
    events: 0,
    movements: 0,
    labelled: 0,
    deletion,
  };
  t.strictSame(history.session(session.id), record);
  t.strictSame(history.sessions({ limit: 9 }), [record]);
  t.strictSame(history.deleteSession(session.id, "another", "request"), deletion, "it is deleted once");
  t.equal(history.unsentDeletions().length, 1);
  t.throws(() => history.deleteSession("none", "a", "request"), { code: "HISTORY_UNKNOWN" });
  // What comes late finds nothing any more.
  history.add(movement);
  history.setExcerpt(movement.id, sampleExcerpt());
  history.addCoverage(session.id, { fromMs: 1, toMs: 2, watchedMs: 1, judgedMs: 1, gaps: {} });
  history.endSession(reportOf(session));
  history.beginSession(session);
  t.throws(() => history.noteSession(session.id, "again"), { code: "HISTORY_UNKNOWN" });
  t.throws(() => history.label({ movement: movement.id, reviewer: "a", decision: "real" }), {
    code: "HISTORY_UNKNOWN",
  });
  t.strictSame(history.session(session.id), record);
  t.strictSame([history.coverageOf(session.id), history.excerptOf(movement.id)], [[], undefined]);
});

t.test("on request, corrupt databases that lie aside are deleted too; those of the outbox stay", async (t) => {
  const directory = t.testdir();
  const history = openHistory(directory);
  t.teardown(() => history.close());
  const session = sampleSession();
  history.beginSession(session);
  const aside = join(directory, "corrupt");
  mkdirSync(aside);
  const names = ["2026-history.db", "2026-history.db-wal", "1-2026-history-new.db", "2026-outbox.db"];
  for (const name of names) writeFileSync(join(aside, name), "p-017");
  history.deleteSession(session.id, "a", "request");
  t.strictSame(
    names.filter((name) => existsSync(join(aside, name))),
    ["2026-outbox.db"],
  );
});
