import { statSync } from "node:fs";
import { join } from "node:path";
import t, { type Test as Tap } from "tap";
import { sampleEvent } from "../support/event.js";
import { Logs } from "../support/logs.js";
import { openOutbox, sequencesOf } from "../support/outbox.js";

t.test("by number: gives up the oldest, and counts it", async (t) => {
  const logger = new Logs();
  const outbox = await openOutbox(t.testdir(), { maxEvents: 3, logger });
  t.teardown(() => outbox.close());
  for (let count = 0; count < 5; count++) await outbox.append(sampleEvent);
  t.strictSame(await sequencesOf(outbox), [3, 4, 5]);
  t.match(outbox.stats(), { appended: 5, pending: 3, evicted: 2 });
  t.equal(logger.count(/full; the oldest events are given up/), 2);
});

t.test("by size: the database does not grow, and the newest stay", async (t) => {
  const directory = t.testdir();
  const maxBytes = 150_000;
  const outbox = await openOutbox(directory, { maxBytes });
  t.teardown(() => outbox.close());
  const total = 200;
  for (let count = 0; count < total; count++) await outbox.append(sampleEvent);
  const { pending, evicted } = outbox.stats();
  t.equal(pending + evicted, total);
  t.ok(evicted > 0);
  t.ok(pending > 50, `${pending} events in ${maxBytes} bytes`);
  t.strictSame(
    await sequencesOf(outbox),
    Array.from({ length: pending }, (_, index) => total - pending + index + 1),
  );
  // What is given up is still in the file's free pages, and the newest are in the log only.
  t.ok(statSync(join(directory, "outbox.db")).size < 1.2 * maxBytes);
  await outbox.expire(1e9);
  t.ok(statSync(join(directory, "outbox.db")).size <= maxBytes + 8192);
});

/** Sets the wall clock off for the rest of a test. */
function jump(t: Tap, ms: number): void {
  const real = Date.now.bind(Date);
  t.intercept(Date, "now", { value: () => real() + ms });
}

const day = 24 * 3600 * 1000;

t.test("by age: gives up what is too old, and its numbers stay used", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  await outbox.append(sampleEvent);
  await outbox.append(sampleEvent);
  t.equal(await outbox.expire(60_000), 0);
  t.equal(await outbox.expire(-1000), 2);
  t.match(outbox.stats(), { pending: 0, evicted: 2 });
  t.equal((await outbox.append(sampleEvent)).sequence, 3);
});

t.test("by age, for events of an earlier start: the wall clock tells", async (t) => {
  const directory = t.testdir();
  const first = await openOutbox(directory);
  await first.append(sampleEvent);
  await first.close();
  const second = await openOutbox(directory);
  t.teardown(() => second.close());
  await second.append(sampleEvent);
  t.equal(await second.expire(day), 0);
  jump(t, 2 * day);
  t.equal(await second.expire(day), 1);
  t.strictSame(await sequencesOf(second), [2], "what this process stored has not waited two days");
});

t.test("a clock that jumps gives no event of this process up", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  for (const ms of [0, -400 * day, 400 * day]) {
    jump(t, ms);
    await outbox.append(sampleEvent);
    t.equal(await outbox.expire(day), 0);
  }
  t.equal(await outbox.expire(-1000), 3, "nor keeps it for ever");
});

t.test("events of a clock that was never set count from when it is", async (t) => {
  const directory = t.testdir();
  const first = await openOutbox(directory);
  t.intercept(Date, "now", { value: () => 5000 });
  await first.append(sampleEvent);
  await first.close();
  const second = await openOutbox(directory);
  t.teardown(() => second.close());
  const today = Date.UTC(2026, 0, 1);
  t.intercept(Date, "now", { value: () => today });
  t.equal(await second.expire(day), 0);
  t.intercept(Date, "now", { value: () => today + 2 * day });
  t.equal(await second.expire(day), 1);
});
