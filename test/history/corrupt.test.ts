import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { Sql } from "../../src/lib/sql.js";
import { openHistory, raised, reportOf, sampleExcerpt, sampleSession, withheld } from "../support/history.js";
import { Logs } from "../support/logs.js";

const PAGE = 4096;
const TOTAL = 30;

/** A directory with a history of two sessions, one of them deleted, closed. */
function filled(directory: string) {
  const history = openHistory(directory);
  const [session, gone] = [sampleSession(0), sampleSession(1)];
  history.beginSession(session);
  history.beginSession(gone);
  const movements = Array.from({ length: TOTAL }, (_, number) => {
    return number % 2 === 0 ? raised(number, session.id) : withheld(number, session.id);
  });
  for (const [number, movement] of movements.entries()) {
    history.add(movement);
    history.setExcerpt(movement.id, sampleExcerpt(150, number));
    history.label({ movement: movement.id, reviewer: "a", decision: "real", note: `note ${number}, it's one` });
  }
  history.add(withheld(500, gone.id));
  history.endSession(reportOf(session));
  history.deleteSession(gone.id, "a", "request");
  history.close();
  return { path: join(directory, "history.db"), session, gone, movements };
}

function damage(path: string, from: number, bytes: number): void {
  writeFileSync(path, readFileSync(path).fill(0x5a, from, from + bytes));
}

/** Where the pages with rows begin that hold this text. */
function leavesWith(path: string, text: string): number[] {
  const content = readFileSync(path);
  const starts = Array.from({ length: content.length / PAGE }, (_, page) => page * PAGE);
  return starts.filter(
    (start) => start > 0 && content[start] === 0x0d && content.subarray(start, start + PAGE).includes(text),
  );
}

const damages: readonly [what: string, harm: (path: string) => void, atLeast: number][] = [
  ["the header is overwritten", (path) => damage(path, 0, 100), TOTAL],
  ["the first page is overwritten", (path) => damage(path, 0, PAGE), TOTAL],
  ["a page of movements is overwritten", (path) => damage(path, leavesWith(path, '"verdict"')[2] ?? 0, PAGE), 20],
  ["the end is missing", (path) => truncateSync(path, (leavesWith(path, '"verdict"').at(-1) ?? 0) + PAGE), 1],
  ["nothing is left", (path) => truncateSync(path, 100), 0],
];
for (const [what, harm, atLeast] of damages) {
  t.test(`a corrupt database is moved aside, and what can be read of it goes on: ${what}`, async (t) => {
    const directory = t.testdir();
    const { path, movements, session, gone } = filled(directory);
    harm(path);
    const damaged = readFileSync(path);
    const log = new Logs();
    const history = openHistory(directory, { log });
    t.teardown(() => history.close());
    const left = history.movements({ limit: 100 });
    t.ok(left.length >= atLeast && left.length <= TOTAL, `${left.length} rescued`);
    t.match(history.stats(), { replaced: 1, movements: left.length });
    t.equal(log.count(/^error history: the database is corrupt .*moved to .*corrupt.*movements rescued: \d/), 1);
    for (const kept of left)
      t.strictSame(
        kept,
        movements.find(({ id }) => id === kept.id),
      );
    if (atLeast === TOTAL) {
      t.match(history.session(session.id), { session, report: { durationS: 60 }, movements: TOTAL, labelled: TOTAL });
      t.match(history.session(gone.id), { deletion: { by: "a" }, session: { subject: "" } });
      for (const [number, { id }] of movements.entries()) {
        t.strictSame(history.excerptOf(id), sampleExcerpt(150, number));
        t.match(history.labelsOf(id), [{ note: `note ${number}, it's one`, version: 1 }]);
      }
    }
    const [aside = ""] = readdirSync(join(directory, "corrupt"));
    t.strictSame(readFileSync(join(directory, "corrupt", aside)), damaged, "it is kept as it was");
    const movement = withheld(900);
    history.add(movement);
    t.strictSame(history.movement(movement.id), movement);
  });
}

t.test("what a log alone holds is rescued with the database", async (t) => {
  const directory = t.testdir();
  const history = openHistory(directory);
  const movement = withheld(1);
  history.add(movement);
  // As a crash would leave it.
  const after = mkdtempSync(join(tmpdir(), "flinch-crashed-"));
  t.teardown(() => rmSync(after, { recursive: true }));
  for (const name of readdirSync(directory)) copyFileSync(join(directory, name), join(after, name));
  history.close();
  writeFileSync(join(after, "history.db"), Buffer.alloc(2 * PAGE, 0x5a));
  const next = openHistory(after);
  t.teardown(() => next.close());
  t.strictSame(next.movement(movement.id), movement);
});

t.test("a database that turns corrupt while it is open is replaced", async (t) => {
  const directory = t.testdir();
  const { path } = filled(directory);
  const log = new Logs();
  const history = openHistory(directory, { log });
  t.teardown(() => history.close());
  for (let number = 1000; number < 1300; number++) {
    const movement = withheld(number);
    history.add(movement);
    history.setExcerpt(movement.id, sampleExcerpt(600, number));
  }
  history.close();
  const again = openHistory(directory, { log });
  t.teardown(() => again.close());
  const { length } = readFileSync(path);
  t.ok(length > 3_000_000, "SQLite keeps two megabytes in memory, in which nothing turns corrupt");
  damage(path, PAGE * 40, length - PAGE * 40);
  for (const { id } of again.movements({ limit: 1000 })) again.excerptOf(id);
  t.equal(again.stats().replaced, 1);
  const movement = withheld(5000);
  again.add(movement);
  t.strictSame(again.movement(movement.id), movement);
});

t.test("rows that do not fit their table are left out of what is rescued", async (t) => {
  const directory = t.testdir();
  const { path } = filled(directory);
  const sql = new Sql(path, { waitMs: 0, lenient: true });
  sql.run("PRAGMA ignore_check_constraints = ON");
  sql.run("UPDATE movement SET movement = '{half' WHERE rowid = 3");
  sql.close();
  damage(path, 0, 100);
  const history = openHistory(directory);
  t.teardown(() => history.close());
  t.equal(history.stats().movements, TOTAL - 1);
  t.equal(history.stats().labels, TOTAL - 1, "and what belonged to them");
});

t.test("a database of a newer version is refused, not taken for a corrupt one", async (t) => {
  const directory = t.testdir();
  const sql = new Sql(filled(directory).path, { waitMs: 0 });
  sql.run("PRAGMA user_version = 99");
  sql.close();
  t.throws(() => openHistory(directory), { code: "HISTORY_UNWRITABLE", message: /newer Flinch/ });
  t.notOk(readdirSync(directory).includes("corrupt"));
});
