import { cpSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { SqliteOutboxOptions } from "../../src/outbox/index.js";
import { sampleEvent } from "../support/event.js";
import { Logs, until } from "../support/logs.js";
import { openOutbox, sequencesOf } from "../support/outbox.js";
import { SmallDisk } from "../support/small-disk.js";

async function outboxOnSmallDisk(t: Test, changes: Partial<SqliteOutboxOptions> = {}) {
  const disk = SmallDisk.mount(t, 600);
  if (disk === undefined) return undefined;
  const directory = join(disk.directory, "outbox");
  const logger = new Logs();
  const outbox = await openOutbox(directory, { retryMs: 20, maxUnwritten: 50, logger, ...changes });
  t.teardown(() => outbox.close());
  return { disk, directory, outbox, logger };
}

t.test("a full disk loses nothing: events are offered from memory and written later", async (t) => {
  const made = await outboxOnSmallDisk(t);
  if (made === undefined) return;
  const { disk, outbox, logger } = made;
  await outbox.append(sampleEvent);
  disk.fill();
  for (let count = 0; count < 40; count++) await outbox.append(sampleEvent);
  const { unwritten } = outbox.stats();
  t.ok(unwritten > 0);
  t.match(outbox.stats(), { pending: 41, lastError: /full/ });
  t.equal(logger.count(/^error .*full.*kept in memory/), 1, "said once");
  t.strictSame(
    await sequencesOf(outbox),
    Array.from({ length: 41 }, (_, index) => index + 1),
  );
  disk.free();
  await until(() => outbox.stats().unwritten === 0);
  t.match(outbox.stats(), { pending: 41, evicted: 0, lastError: undefined });
  t.equal(logger.count(/takes events again/), 1);
  await outbox.close();
  const next = await openOutbox(made.directory);
  t.teardown(() => next.close());
  t.equal(next.stats().pending, 41);
});

t.test("what the broker has is gone for good, also where the disk cannot forget it", async (t) => {
  const made = await outboxOnSmallDisk(t);
  if (made === undefined) return;
  const { disk, outbox } = made;
  for (let count = 0; count < 20; count++) await outbox.append(sampleEvent);
  disk.fill();
  for (let sequence = 1; sequence <= 15; sequence++) await outbox.remove(sequence);
  t.strictSame(await sequencesOf(outbox), [16, 17, 18, 19, 20]);
  t.equal(outbox.stats().pending, 5);
  disk.free();
  await outbox.append(sampleEvent);
  await outbox.close();
  const next = await openOutbox(made.directory);
  t.teardown(() => next.close());
  t.strictSame(await sequencesOf(next), [16, 17, 18, 19, 20, 21]);
});

t.test("a number seen outside while the disk was full is not given again after a crash", async (t) => {
  const made = await outboxOnSmallDisk(t);
  if (made === undefined) return;
  const { disk, outbox, directory } = made;
  disk.fill();
  for (let count = 0; count < 40; count++) await outbox.append(sampleEvent);
  t.ok(outbox.stats().unwritten > 0);
  await outbox.remove(40);
  // What a crash would leave.
  const left = t.testdir();
  cpSync(directory, left, { recursive: true });
  const afterCrash = await openOutbox(left);
  t.teardown(() => afterCrash.close());
  t.equal((await afterCrash.append(sampleEvent)).sequence, 41);
});

t.test("memory is bounded too: what it gives up is counted and said", async (t) => {
  const made = await outboxOnSmallDisk(t, { maxUnwritten: 2 });
  if (made === undefined) return;
  const { disk, outbox, logger } = made;
  disk.fill();
  const total = 60;
  for (let count = 0; count < total; count++) await outbox.append(sampleEvent);
  const { pending, unwritten, evicted } = outbox.stats();
  t.equal(unwritten, 2);
  t.ok(evicted > 0);
  t.equal(pending + evicted, total);
  t.equal(logger.count(/oldest unwritten event is lost/), evicted);
  disk.free();
  await outbox.close();
  t.match(outbox.stats(), { pending, unwritten: 0 });
});

t.test("a start on a full disk delivers what is there", async (t) => {
  const made = await outboxOnSmallDisk(t);
  if (made === undefined) return;
  const { disk, outbox, directory } = made;
  for (let count = 0; count < 5; count++) await outbox.append(sampleEvent);
  await outbox.close();
  disk.fill();
  const next = await openOutbox(directory);
  t.teardown(() => next.close());
  t.strictSame(await sequencesOf(next), [1, 2, 3, 4, 5]);
  t.equal((await next.append(sampleEvent)).sequence, 6);
});

t.test("a start on a read-only disk is refused", async (t) => {
  const made = await outboxOnSmallDisk(t);
  if (made === undefined) return;
  await made.outbox.append(sampleEvent);
  await made.outbox.close();
  made.disk.remount("ro");
  await t.rejects(openOutbox(made.directory), { code: "OUTBOX_UNWRITABLE", message: /read-?only/i });
});
