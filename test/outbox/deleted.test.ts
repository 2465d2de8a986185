import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { OutboxDatabase } from "../../src/outbox/outbox-database.js";
import { sampleEvent } from "../support/event.js";
import { Logs, until } from "../support/logs.js";
import { openOutbox, sequencesOf } from "../support/outbox.js";

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** A folder that goes after what is opened in it later is closed, or an outbox would make it again. */
function place(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "flinch-outbox-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** An outbox with ten events that looks after its database often. */
async function filled(t: Test) {
  const directory = join(place(t), "outbox");
  const logger = new Logs();
  const outbox = await openOutbox(directory, { retryMs: 20, logger });
  t.teardown(() => outbox.close());
  for (let count = 0; count < 10; count++) await outbox.append(sampleEvent);
  return { directory, path: join(directory, "outbox.db"), outbox, logger };
}

/** What another process finds there after this one was killed: nothing is closed in order. */
async function afterAKill(t: Test, directory: string): Promise<number[]> {
  const copy = place(t);
  for (const name of readdirSync(directory))
    if (name !== "corrupt") copyFileSync(join(directory, name), join(copy, name));
  const next = await openOutbox(copy);
  const found = await sequencesOf(next);
  await next.close();
  return found;
}

const losses: readonly [what: string, lose: (directory: string) => void][] = [
  ["the database is deleted", (directory) => unlinkSync(join(directory, "outbox.db"))],
  ["its log is deleted", (directory) => unlinkSync(join(directory, "outbox.db-wal"))],
  ["the whole folder is deleted", (directory) => rmSync(directory, { recursive: true })],
  ["the folder is moved away", (directory) => renameSync(directory, `${directory}-away`)],
];
for (const [what, lose] of losses) {
  t.test(`nothing is lost when ${what} while it is open`, async (t) => {
    const { directory, outbox, logger } = await filled(t);
    lose(directory);
    await until(() => outbox.stats().remade === 1);
    t.equal(logger.count(/^error outbox: somebody deleted or replaced outbox\.db in .*made anew/), 1);
    t.strictSame(await afterAKill(t, directory), upTo(10), "what waited");
    await outbox.remove(1);
    t.equal((await outbox.append(sampleEvent)).sequence, 11);
    t.strictSame(await sequencesOf(outbox), upTo(11).slice(1));
    t.strictSame((await afterAKill(t, directory)).slice(-10), upTo(11).slice(1), "and what came later");
    t.ok(existsSync(join(directory, "last-000000000000011")), "no number is given twice");
    t.match(outbox.stats(), { pending: 10, unwritten: 0, evicted: 0, remade: 1, lastError: undefined });
  });
}

t.test("what comes before it is noticed is not lost either", async (t) => {
  const directory = join(place(t), "outbox");
  const outbox = await openOutbox(directory, { retryMs: 3_600_000 });
  t.teardown(() => outbox.close());
  await outbox.append(sampleEvent);
  unlinkSync(join(directory, "outbox.db"));
  await outbox.append(sampleEvent);
  t.strictSame(await afterAKill(t, directory), [1, 2]);
  unlinkSync(join(directory, "outbox.db"));
  await outbox.close();
  t.strictSame(await afterAKill(t, directory), [1, 2], "nor at a stop");
});

t.test("what took its place is kept for a person, and not published", async (t) => {
  const { directory, path, outbox } = await filled(t);
  const foreign = join(directory, "foreign.db");
  const database = OutboxDatabase.open(foreign);
  database.adopt([{ sequence: 400, storedAtMs: 0, uptimeMs: 0, body: JSON.stringify(sampleEvent(400)) }]);
  database.close();
  renameSync(foreign, path);
  await until(() => outbox.stats().remade === 1);
  t.strictSame(await sequencesOf(outbox), upTo(10));
  t.equal(readdirSync(join(directory, "corrupt")).length, 1);
  writeFileSync(join(directory, "other"), "no database");
  renameSync(join(directory, "other"), path);
  await until(() => outbox.stats().remade === 2);
  t.strictSame(await afterAKill(t, directory), upTo(10));
});

t.test("a database that another process works with is left alone, and events wait in memory", async (t) => {
  const { path, outbox } = await filled(t);
  unlinkSync(path);
  const other = OutboxDatabase.open(path);
  await until(() => outbox.stats().lastError !== undefined);
  await outbox.append(sampleEvent);
  t.match(outbox.stats(), { unwritten: 1, pending: 11, lastError: /locked/ });
  t.strictSame(await sequencesOf(outbox), upTo(11));
  other.close();
  await until(() => outbox.stats().unwritten === 0);
  t.match(outbox.stats(), { pending: 11, remade: 1, lastError: undefined });
});

t.test("what is left in the log alone of a database that was being made is taken over too", async (t) => {
  const { directory, outbox } = await filled(t);
  const killed = place(t);
  for (const suffix of ["", "-wal"])
    copyFileSync(join(directory, `outbox.db${suffix}`), join(killed, `outbox-new.db${suffix}`));
  await outbox.close();
  const next = await openOutbox(killed);
  t.teardown(() => next.close());
  t.strictSame(await sequencesOf(next), upTo(10));
});

t.test("a database that was being made anew when the power went is finished at the next start", async (t) => {
  const { directory, path, outbox } = await filled(t);
  await outbox.close();
  renameSync(path, join(directory, "outbox-new.db"));
  t.strictSame(await afterAKill(t, directory), upTo(10), "the old one is gone");
  const left = join(directory, "outbox-new.db");
  const old = OutboxDatabase.open(path);
  old.adopt([{ sequence: 3, storedAtMs: 0, uptimeMs: 0, body: JSON.stringify(sampleEvent(3)) }]);
  old.close();
  const next = await openOutbox(directory);
  t.strictSame(await sequencesOf(next), upTo(10), "the old one is there as well");
  t.notOk(existsSync(left));
  await next.close();
  writeFileSync(left, "no database, however long it is looked at".repeat(200));
  const last = await openOutbox(directory);
  t.strictSame(await sequencesOf(last), upTo(10), "what is left is no database");
  t.equal(readdirSync(join(directory, "corrupt")).length, 1, "it is kept for a person");
  await last.close();
});
