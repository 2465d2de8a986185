import t, { type Test } from "tap";
import type { Outbox } from "../../src/outbox/index.js";
import { sampleEvent } from "../support/event.js";
import { openOutbox } from "../support/outbox.js";

const day = 24 * 3600 * 1000;

/** Sets the wall clock off for the rest of a test. */
function jump(t: Test, ms: number): void {
  const real = Date.now.bind(Date);
  t.intercept(Date, "now", { value: () => real() + ms });
}

const hoursOf = (outbox: Outbox) => (outbox.stats().oldestS ?? Number.NaN) / 3600;

t.test("how long the oldest event has waited, whatever the wall clock says meanwhile", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  t.equal(outbox.stats().oldestS, null, "none waits");
  await outbox.append(sampleEvent);
  jump(t, 2 * day);
  t.ok(hoursOf(outbox) < 1);
  await outbox.remove(1);
  t.equal(outbox.stats().oldestS, null);
});

t.test("one of an earlier start is as old as the wall clock says, and younger ones do not count", async (t) => {
  const directory = t.testdir();
  const first = await openOutbox(directory);
  await first.append(sampleEvent);
  await first.close();
  t.equal(first.stats().oldestS, null, "a closed outbox stays closed");
  jump(t, 2 * day);
  const second = await openOutbox(directory);
  t.teardown(() => second.close());
  await second.append(sampleEvent);
  t.equal(Math.round(hoursOf(second)), 48);
  await second.remove(1);
  t.ok(hoursOf(second) < 1);
});

t.test("nobody knows the age of one that was stored before the clock was set", async (t) => {
  const directory = t.testdir();
  const first = await openOutbox(directory);
  const ofThatTime = t.intercept(Date, "now", { value: () => 5000 });
  await first.append(sampleEvent);
  await first.close();
  ofThatTime.restore();
  const second = await openOutbox(directory);
  t.teardown(() => second.close());
  t.match(second.stats(), { pending: 1, oldestS: null });
});
