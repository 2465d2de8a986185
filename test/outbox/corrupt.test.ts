import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { Sql } from "../../src/lib/sql.js";
import { OutboxDatabase } from "../../src/outbox/outbox-database.js";
import { sampleEvent } from "../support/event.js";
import { Logs } from "../support/logs.js";
import { openOutbox, sequencesOf } from "../support/outbox.js";

/** An outbox's directory with this many events, closed. */
async function filled(directory: string, events: number): Promise<string> {
  const outbox = await openOutbox(directory);
  for (let count = 0; count < events; count++) await outbox.append(sampleEvent);
  await outbox.close();
  return join(directory, "outbox.db");
}

function damage(path: string, from: number, bytes: number): void {
  const content = readFileSync(path);
  writeFileSync(path, content.fill(0x5a, from, from + bytes));
}

/** Where the pages of a kind begin: 0x0d holds rows of a table, 0x05 leads to them. */
function pagesOf(path: string, kind: number): number[] {
  const content = readFileSync(path);
  const starts = Array.from({ length: content.length / 4096 }, (_, index) => index * 4096);
  return starts.filter((start) => start > 0 && content[start] === kind);
}

/** The pages that hold events. */
const leaves = (path: string): number[] =>
  pagesOf(path, 0x0d).filter((start) => readFileSync(path).includes("flinch/micro_expression", start, "latin1"));

/** Changes a digit behind the sequence number of an event. */
function flipADigit(content: Buffer, sequence: number): void {
  const own = `"sequence":${sequence},`;
  const digit = content.subarray(content.indexOf(own) + own.length).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
  const at = content.indexOf(own) + own.length + digit;
  content[at] = (content[at] ?? 0) ^ 1;
}

const damages: readonly [what: string, damage: (path: string) => void, atLeast: number][] = [
  ["the header is overwritten", (path) => damage(path, 0, 100), 20],
  ["the first page is overwritten", (path) => damage(path, 0, 4096), 20],
  ["a page that holds events is overwritten", (path) => damage(path, leaves(path)[3] ?? 0, 4096), 15],
  ["a page that leads to the events is overwritten", (path) => damage(path, pagesOf(path, 0x05)[0] ?? 0, 4096), 20],
  ["the end is missing", (path) => truncateSync(path, (leaves(path)[3] ?? 0) + 4096), 1],
  ["nothing is left", (path) => truncateSync(path, 100), 0],
];
for (const [what, harm, atLeast] of damages) {
  t.test(`a corrupt database is moved aside, and its numbers are not given again: ${what}`, async (t) => {
    const directory = t.testdir();
    const path = await filled(directory, 20);
    harm(path);
    const damaged = readFileSync(path);
    const logger = new Logs();
    const outbox = await openOutbox(directory, { logger });
    t.teardown(() => outbox.close());
    const { pending, corrupt } = outbox.stats();
    t.equal(corrupt, 1);
    t.ok(pending >= atLeast && pending <= 20, `${pending} rescued`);
    for await (const { event } of outbox.pending()) t.strictSame(event, sampleEvent(event.sequence));
    t.equal(logger.count(/^error outbox: the database is corrupt .*moved to .*corrupt/), 1);
    t.equal((await outbox.append(sampleEvent)).sequence, 21);
    t.equal((await sequencesOf(outbox)).length, pending + 1);
    const [aside = ""] = readdirSync(join(directory, "corrupt"));
    t.strictSame(readFileSync(join(directory, "corrupt", aside)), damaged, "it is kept as it was");
  });
}

t.test("a database that turns corrupt while it is open is replaced, and later events are kept", async (t) => {
  const directory = t.testdir();
  const path = await filled(directory, 1);
  // More than SQLite holds in memory: it has to read the damage.
  const database = OutboxDatabase.open(path);
  const total = 4000;
  const rows = Array.from({ length: total }, (_, index) => index + 1).map((sequence) => {
    return { sequence, storedAtMs: 0, uptimeMs: 0, body: JSON.stringify(sampleEvent(sequence)) };
  });
  database.adopt(rows);
  database.close();
  const logger = new Logs();
  const outbox = await openOutbox(directory, { logger });
  t.teardown(() => outbox.close());
  const { length } = readFileSync(path);
  damage(path, Math.floor(length * 0.5), Math.floor(length * 0.1));
  await sequencesOf(outbox);
  const { corrupt, pending } = outbox.stats();
  t.equal(corrupt, 1);
  t.ok(pending > 0 && pending < total, `${pending} rescued`);
  t.equal(logger.count(/^error outbox: the database is corrupt/), 1);
  t.equal((await outbox.append(sampleEvent)).sequence, total + 1);
  await outbox.close();
  const next = await openOutbox(directory);
  t.teardown(() => next.close());
  const left = await sequencesOf(next);
  t.equal(left.length, pending + 1);
  t.equal(left.at(-1), total + 1);
});

t.test("a bit that flips in a payload is not published, at whatever place", async (t) => {
  const directory = t.testdir();
  const path = await filled(directory, 3);
  const content = readFileSync(path);
  // The text is JSON as before, and the pages are whole.
  flipADigit(content, 2);
  writeFileSync(path, content);
  const outbox = await openOutbox(directory);
  t.teardown(() => outbox.close());
  t.strictSame(await sequencesOf(outbox), [1, 3]);
  t.match(outbox.stats(), { pending: 2, corrupt: 1 });
  t.strictSame(readdirSync(join(directory, "corrupt")), ["2.json"]);
});

t.test("what is rescued from damaged pages is held against its checksum too", async (t) => {
  const directory = t.testdir();
  const path = await filled(directory, 20);
  const content = readFileSync(path);
  flipADigit(content, 7);
  writeFileSync(path, content.fill(0, 0, 100));
  const outbox = await openOutbox(directory);
  t.teardown(() => outbox.close());
  const left = await sequencesOf(outbox);
  t.strictSame(
    left,
    Array.from({ length: 20 }, (_, index) => index + 1).filter((sequence) => sequence !== 7),
  );
});

t.test("the log is rescued with the database", async (t) => {
  const directory = t.testdir();
  const outbox = await openOutbox(directory);
  for (let count = 0; count < 12; count++) await outbox.append(sampleEvent);
  // As a crash would leave it: what was stored last is in the log alone.
  const after = mkdtempSync(join(tmpdir(), "flinch-crashed-"));
  t.teardown(() => rmSync(after, { recursive: true }));
  for (const file of readdirSync(directory)) cpSync(join(directory, file), join(after, file));
  await outbox.close();
  damage(join(after, "outbox.db"), 0, 4096);
  const next = await openOutbox(after);
  t.teardown(() => next.close());
  t.equal((await sequencesOf(next)).length, 12);
});

t.test("a database of a version without checksums gets them, and an earlier version can go on with it", async (t) => {
  const directory = t.testdir();
  const path = await filled(directory, 2);
  const former = new Sql(path, { waitMs: 0 });
  former.run("DROP TRIGGER checksum_of_removed; DROP TABLE checksum");
  former.close();
  const outbox = await openOutbox(directory);
  t.strictSame(await sequencesOf(outbox), [1, 2]);
  await outbox.append(sampleEvent);
  await outbox.close();
  const sql = new Sql(path, { waitMs: 0 });
  t.equal(sql.value("SELECT give(count(*)) FROM checksum"), 3);
  // What an earlier version does: it knows nothing of checksums.
  sql.run("DELETE FROM event WHERE sequence = 1");
  sql.run(`INSERT INTO event VALUES (4, 0, 0.0, '${JSON.stringify(sampleEvent(4))}')`);
  t.equal(sql.value("SELECT give(count(*)) FROM checksum"), 2);
  sql.close();
  const again = await openOutbox(directory);
  t.teardown(() => again.close());
  t.strictSame(await sequencesOf(again), [2, 3, 4]);
});

t.test("a row that holds no event is moved aside alone", async (t) => {
  const directory = t.testdir();
  const path = await filled(directory, 4);
  const database = new Sql(path, { waitMs: 0 });
  database.run('UPDATE event SET body = \'{"id": "x", "seq\' WHERE sequence = 2');
  database.run("UPDATE event SET body = replace(body, '\"sequence\":4', '\"sequence\":9') WHERE sequence = 4");
  database.close();
  const outbox = await openOutbox(directory);
  t.teardown(() => outbox.close());
  t.strictSame(await sequencesOf(outbox), [1, 3]);
  t.match(outbox.stats(), { pending: 2, corrupt: 2 });
  t.strictSame(readdirSync(join(directory, "corrupt")).sort(), ["2.json", "4.json"]);
  t.equal((await outbox.append(sampleEvent)).sequence, 5, "its number is used up");
});

t.test("a database of a newer version is refused, not taken for a corrupt one", async (t) => {
  const directory = t.testdir();
  const database = new Sql(await filled(directory, 1), { waitMs: 0 });
  database.run("PRAGMA user_version = 99");
  database.close();
  await t.rejects(openOutbox(directory), { code: "OUTBOX_UNWRITABLE", message: /newer Flinch/ });
  t.notOk(readdirSync(directory).includes("corrupt"));
});
