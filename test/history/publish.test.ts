import t, { type Test } from "tap";
import type { OutboundEvent } from "../../src/contract/index.js";
import { publishChanges, publishDeletions, publishReviews } from "../../src/history/index.js";
import { openHistory, raised, sampleSession, withheld } from "../support/history.js";
import { Logs, until } from "../support/logs.js";
import { openOutbox } from "../support/outbox.js";
import { conforms } from "../support/schemas.js";

const sender = { device: "device", bootId: "boot" };

async function opened(t: Test) {
  const directory = t.testdir();
  const history = openHistory(directory);
  const outbox = await openOutbox(directory);
  t.teardown(() => outbox.close());
  t.teardown(() => history.close());
  const waiting = async () => {
    const found: OutboundEvent[] = [];
    for await (const { event } of outbox.pending()) found.push(event);
    return found;
  };
  return { directory, history, outbox, waiting };
}

t.test("labels go out as they are stored, each once, in the events' own sequence", async (t) => {
  const { history, outbox, waiting } = await opened(t);
  const session = sampleSession();
  const [event, none] = [raised(1, session.id), withheld(2)];
  history.add(event);
  history.add(none);
  const one = history.label({ movement: event.id, reviewer: "m.keller", decision: "real", onsetMs: 3, note: "clear" });
  const two = history.label({ movement: none.id, reviewer: "m.keller", decision: "unsure" });
  const gone = history.label({ movement: none.id, reviewer: "m.keller", decision: "withdrawn" });
  t.equal(history.unsent().length, 3);
  const counts = await Promise.all([publishReviews(history, outbox, sender), publishReviews(history, outbox, sender)]);
  t.strictSame(counts, [3, 0]);
  const sent = await waiting();
  t.strictSame(sent, [
    { schema: "flinch/review/1", ...sender, sequence: 1, event: event.id, session: session.id, ...one },
    { schema: "flinch/review/1", ...sender, sequence: 2, event: null, session: null, ...two },
    { schema: "flinch/review/1", ...sender, sequence: 3, event: null, session: null, ...gone },
  ]);
  for (const review of sent) t.equal(conforms("review", review), "");
  t.match(sent[0], { model: event.event?.model, onsetMs: 3, apexMs: null, version: 1 });
  t.strictSame(history.unsent(), []);
});

t.test("a label that a crash left unmarked is sent again, under the same id", async (t) => {
  const { history, outbox, waiting } = await opened(t);
  const movement = withheld(1);
  history.add(movement);
  const { id } = history.label({ movement: movement.id, reviewer: "a", decision: "real" });
  const failing = Object.assign(Object.create(history), {
    markSent: () => {
      throw new Error("killed here");
    },
  });
  await t.rejects(publishReviews(failing, outbox, sender), { message: "killed here" });
  await publishReviews(history, outbox, sender);
  t.strictSame(
    (await waiting()).map((event) => event.id),
    [id, id],
  );
});

t.test("a deletion is told, and names nobody who was filmed", async (t) => {
  const { history, outbox, waiting } = await opened(t);
  const session = sampleSession(0, { subject: "p-secret" });
  history.beginSession(session);
  const movement = raised(1, session.id);
  history.add(movement);
  history.label({ movement: movement.id, reviewer: "a", decision: "real" });
  history.deleteSession(session.id, "m.keller", "request");
  t.equal(await publishDeletions(history, outbox, sender), 1);
  t.equal(await publishDeletions(history, outbox, sender), 0);
  t.equal(await publishReviews(history, outbox, sender), 0, "its labels are gone");
  const [deletion] = await waiting();
  t.equal(conforms("deletion", deletion), "");
  t.match(deletion, { session: session.id, reason: "request", by: "m.keller", movements: 1, events: 1, labels: 1 });
  t.notMatch(JSON.stringify(deletion), /p-secret/);
});

t.test("what changes is published by itself, and what an earlier start left as well", async (t) => {
  const { history, outbox, waiting } = await opened(t);
  const movement = withheld(1);
  history.add(movement);
  history.label({ movement: movement.id, reviewer: "a", decision: "real" });
  const log = new Logs();
  const stop = publishChanges(history, outbox, sender, log);
  await until(async () => (await waiting()).length === 1);
  history.label({ movement: movement.id, reviewer: "b", decision: "real" });
  const session = sampleSession();
  history.beginSession(session);
  history.deleteSession(session.id, "a", "request");
  await until(async () => (await waiting()).length === 3);
  stop();
  history.label({ movement: movement.id, reviewer: "c", decision: "real" });
  await publishDeletions(history, outbox, sender);
  t.equal((await waiting()).length, 3);
  t.strictSame(log.lines, []);
});
