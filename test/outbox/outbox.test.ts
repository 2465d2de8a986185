import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import t from "tap";
import { sampleEvent } from "../support/event.js";
import { Logs } from "../support/logs.js";
import { openOutbox, sequencesOf } from "../support/outbox.js";

t.test("keeps events in order, over a restart, until they are removed", async (t) => {
  const directory = join(t.testdir(), "new", "outbox");
  const first = await openOutbox(directory);
  await Promise.all(Array.from({ length: 12 }, () => first.append(sampleEvent)));
  await first.remove(2);
  await first.remove(99);
  await first.close();
  await first.close();
  const second = await openOutbox(directory);
  t.teardown(() => second.close());
  t.strictSame(await sequencesOf(second), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  t.strictSame(await sequencesOf(second, 10), [11, 12]);
  for await (const { event } of second.pending()) t.strictSame(event, sampleEvent(event.sequence));
});

t.test("nobody but the daemon's user reads it", async (t) => {
  const directory = join(t.testdir(), "outbox");
  const outbox = await openOutbox(directory);
  t.teardown(() => outbox.close());
  await outbox.append(sampleEvent);
  const mode = (path: string) => statSync(path).mode & 0o777;
  t.equal(mode(directory), 0o700);
  const files = readdirSync(directory).sort();
  t.strictSame(files, ["last-000000000000001", "outbox.db", "outbox.db-wal"]);
  for (const file of files) t.equal(mode(join(directory, file)), 0o600, file);
});

t.test("never gives a number twice, also when nothing is left to remember it", async (t) => {
  const directory = t.testdir();
  for (let start = 0; start < 4; start++) {
    const outbox = await openOutbox(directory);
    for (let count = 0; count < 3; count++) {
      const { sequence } = await outbox.append(sampleEvent);
      t.equal(sequence, start * 3 + count + 1);
      await outbox.remove(sequence);
    }
    await outbox.close();
  }
});

t.test("a build that fails uses no number up", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  const fail = () => {
    throw new Error("no event");
  };
  await t.rejects(outbox.append(fail), { message: "no event" });
  t.equal((await outbox.append(sampleEvent)).sequence, 1);
});

t.test("tells of every append until told not to", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  let told = 0;
  const stop = outbox.onAppend(() => told++);
  await outbox.append(sampleEvent);
  stop();
  await outbox.append(sampleEvent);
  t.equal(told, 1);
});

t.test("says when no event waits any more, and stops to wait when told to", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  const never = new AbortController();
  await outbox.emptied(never.signal);
  for (let i = 0; i < 3; i++) await outbox.append(sampleEvent);
  const left: number[] = [];
  const emptied = outbox.emptied(never.signal).then(() => left.push(outbox.stats().pending));
  await outbox.remove(1);
  await outbox.remove(3);
  await setImmediate();
  t.strictSame(left, [], "one waits still");
  await outbox.remove(2);
  await emptied;
  t.strictSame(left, [0]);
  await outbox.append(sampleEvent);
  const ended = outbox.emptied(AbortSignal.abort());
  await ended;
  t.equal(outbox.stats().pending, 1);
});

t.test("an event that comes while another is read is read too", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  await outbox.append(sampleEvent);
  const read: number[] = [];
  for await (const { event } of outbox.pending()) {
    const { sequence } = event;
    read.push(sequence);
    await outbox.remove(sequence);
    if (sequence < 3) await outbox.append(sampleEvent);
  }
  t.strictSame(read, [1, 2, 3]);
});

t.test("a directory that cannot be used is refused by name", async (t) => {
  const directory = t.testdir({ file: "" });
  const refusal = { code: "OUTBOX_UNWRITABLE", message: /outbox.directory .*file/ };
  await t.rejects(openOutbox(join(directory, "file")), refusal);
  mkdirSync(join(directory, "last-000000000000000"));
  await t.rejects(openOutbox(directory), { code: "OUTBOX_UNWRITABLE" });
});

t.test("two daemons do not share one: both would give the same numbers", async (t) => {
  const directory = t.testdir();
  const outbox = await openOutbox(directory);
  await t.rejects(openOutbox(directory), { code: "OUTBOX_UNWRITABLE", message: /in use by another process/ });
  await outbox.close();
  const logger = new Logs();
  const next = await openOutbox(directory, { logger });
  t.teardown(() => next.close());
  t.strictSame(logger.lines, []);
});
