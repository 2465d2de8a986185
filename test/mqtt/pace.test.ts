import { setImmediate as soon } from "node:timers/promises";
import t from "tap";
import { drain } from "../../src/mqtt/drain.js";
import { Pace } from "../../src/mqtt/pace.js";
import type { PendingEvent } from "../../src/outbox/outbox.js";
import { sampleEvent } from "../support/event.js";
import { Logs, until } from "../support/logs.js";
import { openOutbox } from "../support/outbox.js";

t.test("turns come no faster than they may, and at once after a pause", async (t) => {
  const never = new AbortController().signal;
  let nowMs = 1000;
  const clock = {
    now: () => nowMs,
    wait: async (ms: number) => {
      nowMs += ms;
    },
  };
  const pace = new Pace(200, clock);
  const turns: number[] = [];
  for (let count = 0; count < 4; count++) {
    await pace.turn(never);
    turns.push(nowMs);
  }
  nowMs += 60_000;
  for (let count = 0; count < 2; count++) {
    await pace.turn(never);
    turns.push(nowMs);
  }
  t.strictSame(turns, [1000, 1005, 1010, 1015, 61_015, 61_020]);
  pace.perSecond = 100;
  await pace.turn(never);
  await pace.turn(never);
  t.equal(nowMs, 61_035, "another pace counts at once, but for the turn that was due");
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
  const publish = async ({ event }: PendingEvent) => {
    published.push(event.sequence);
  };
  const options = { outbox, publish, onPublished: () => undefined, logger: new Logs() };
  const slow = new AbortController();
  const slowly = drain({ ...options, pace: new Pace(0.001) }, slow.signal);
  await until(() => published.length > 0);
  for (let count = 0; count < 20; count++) await soon();
  t.strictSame(published, [1], "the second would come after a quarter of an hour");
  slow.abort();
  await slowly;
  const fast = new AbortController();
  const fastly = drain({ ...options, pace: new Pace(1000) }, fast.signal);
  await until(() => outbox.stats().pending === 0);
  t.strictSame(published, [1, 2, 3, 4, 5]);
  fast.abort();
  await fastly;
});
