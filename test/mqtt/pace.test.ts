import { setImmediate as soon } from "node:timers/promises";
import t from "tap";
import type { MicroExpressionEvent } from "../../src/events/event.js";
import { drain } from "../../src/mqtt/drain.js";
import { Pace } from "../../src/mqtt/pace.js";
import { sampleEvent } from "../support/event.js";
import { Logs, until } from "../support/logs.js";
import { openOutbox } from "../support/outbox.js";

t.test("turns come no faster than they may, and at once after a pause", async (t) => {
  const never = new AbortController().signal;
  const startedMs = performance.now();
  const pace = new Pace(200);
  await pace.turn(never);
  t.ok(performance.now() - startedMs < 1000, "the first does not wait");
  for (let count = 0; count < 10; count++) await pace.turn(never);
  // Ten intervals of 5 ms; a timer may be early by less than a millisecond.
  t.ok(performance.now() - startedMs > 40);
});

t.test("who stops does not wait for the next turn", async () => {
  const stop = new AbortController();
  const pace = new Pace(0.001);
  await pace.turn(stop.signal);
  const turn = pace.turn(stop.signal);
  stop.abort();
  await turn;
});

t.test("a drain keeps the pace, in order, and stops in the middle of it", async (t) => {
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  for (let count = 0; count < 5; count++) await outbox.append(sampleEvent);
  const published: number[] = [];
  const publish = async ({ sequence }: MicroExpressionEvent) => {
    published.push(sequence);
  };
  const options = { outbox, publish, onPublished: () => undefined, logger: new Logs() };
  const slow = new AbortController();
  const slowly = drain({ ...options, perSecond: 0.001 }, slow.signal);
  await until(() => published.length > 0);
  for (let count = 0; count < 20; count++) await soon();
  t.strictSame(published, [1], "the second would come after a quarter of an hour");
  slow.abort();
  await slowly;
  const fast = new AbortController();
  const fastly = drain({ ...options, perSecond: 1000 }, fast.signal);
  await until(() => outbox.stats().pending === 0);
  t.strictSame(published, [1, 2, 3, 4, 5]);
  fast.abort();
  await fastly;
});
