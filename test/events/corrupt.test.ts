import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { OutboxDatabase } from "../../src/events/outbox-database.js";
import { Sql } from "../../src/events/sql.js";
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

function damage(path: string, from: number, to: number): void {
  const content = readFileSync(path);
  writeFileSync(path, content.fill(0x5a, from, to));
}

const damages: readonly [what: string, damage: (path: string) => void, atLeast: number][] = [
  ["no database at all", (path) => damage(path, 0, 100), 0],
  ["a page that holds events is overwritten", (path) => damage(path, 7 * 4096, 8 * 4096), 15],
  ["the end is missing", (path) => truncateSync(path, 7 * 4096), 1],
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
    t.ok(pending >= atLeast && pending < 20, `${pending} rescued`);
    for await (const event of outbox.pending()) t.strictSame(event, sampleEvent(event.sequence));
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
  damage(path, Math.floor(length * 0.5), Math.floor(length * 0.6));
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
