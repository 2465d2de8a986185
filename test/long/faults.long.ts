import t from "tap";
import { brokerKilled } from "../faults/support/broker-killed.js";
import { clockJump } from "../faults/support/clock-jump.js";
import { fullDisk } from "../faults/support/full-disk.js";
import { halfOpen } from "../faults/support/half-open.js";
import { judge } from "../faults/support/outcome.js";
import { publisherKilled } from "../faults/support/publisher-killed.js";
import { slowBroker } from "../faults/support/slow-broker.js";
import { tell } from "./support/tell.js";

t.test("a broker that is killed again and again costs no event", async (t) => {
  judge(t, tell(await brokerKilled(t, { events: 5000, kills: 50, seed: 7 })));
});

t.test("a process that is killed at random points costs no event and repeats no number", async (t) => {
  judge(t, tell(await publisherKilled(t, { kills: 100, seed: 7 })));
});

for (const what of ["everything", "answers"] as const) {
  t.test(`a connection that does not carry ${what} any more costs no event`, async (t) => {
    const outcome = tell(await halfOpen(t, { events: 1000, times: 20, what }));
    judge(t, outcome);
    if (what === "answers") t.ok(outcome.duplicates > 0);
  });
}

t.test("a slow broker gets every event once", async (t) => {
  const outcome = tell(await slowBroker(t, { events: 1000, delayMs: 200 }));
  judge(t, outcome);
  t.equal(outcome.duplicates, 0);
});

t.test("a disk that is full while the broker is away costs no event", async (t) => {
  const result = await fullDisk(t, { events: 1000, times: 10 });
  if (result === undefined) return;
  judge(t, tell(result.outcome));
  t.ok(result.held > 0);
  t.equal(result.left, 0);
});

t.test("a wall clock that jumps to and fro costs no event", async (t) => {
  judge(t, tell(await clockJump(t, { events: 1000, jumps: 20 })));
});
