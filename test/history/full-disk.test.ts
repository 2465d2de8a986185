import { join } from "node:path";
import t, { type Test } from "tap";
import { HistoryRecorder } from "../../src/history/index.js";
import { openHistory, raised, sampleExcerpt, sampleSession, withheld } from "../support/history.js";
import { Logs } from "../support/logs.js";
import { SmallDisk } from "../support/small-disk.js";

function onSmallDisk(t: Test) {
  const disk = SmallDisk.mount(t, 1200);
  if (disk === undefined) return undefined;
  const directory = join(disk.directory, "outbox");
  const history = openHistory(directory);
  t.teardown(() => history.close());
  return { disk, directory, history };
}

t.test("on a full disk every attempt fails in words, and nothing is half-written", async (t) => {
  const made = onSmallDisk(t);
  if (made === undefined) return;
  const { disk, history, directory } = made;
  const session = sampleSession();
  history.beginSession(session);
  const kept = raised(1, session.id);
  history.add(kept);
  disk.fill();
  const full = { code: "HISTORY_UNWRITABLE", message: /outbox cannot be used \(.*full.*\); make room there/ };
  const added: string[] = [];
  t.throws(() => {
    for (let number = 2; number < 500; number++) {
      const movement = withheld(number, session.id);
      history.add(movement);
      added.push(movement.id);
      history.setExcerpt(movement.id, sampleExcerpt(150, number));
    }
  }, full);
  t.throws(() => {
    for (let number = 0; number < 500; number++)
      history.label({ movement: kept.id, reviewer: `r${number}`, decision: "real", note: "x".repeat(2000) });
  }, full);
  const [movements, labels] = [history.movements({ limit: 1000 }), history.labelsOf(kept.id)];
  t.strictSame(new Set(movements.map(({ id }) => id)), new Set([kept.id, ...added]));
  t.ok(labels.every(({ note, version }) => note.length === 2000 && version === 1));
  t.strictSame(history.unsent(), labels);
  disk.free();
  const late = withheld(900, session.id);
  history.add(late);
  history.close();
  const next = openHistory(directory);
  t.teardown(() => next.close());
  t.strictSame(next.movements({ limit: 1000 }), [late, ...movements]);
  t.strictSame(next.labelsOf(kept.id), labels);
  t.equal(next.stats().replaced, 0);
});

t.test("a start on a full disk shows what is there, and deletes what is asked for", async (t) => {
  const made = onSmallDisk(t);
  if (made === undefined) return;
  const { disk, history, directory } = made;
  const session = sampleSession();
  history.beginSession(session);
  history.add(raised(1, session.id));
  history.close();
  disk.fill();
  const next = openHistory(directory);
  t.teardown(() => next.close());
  t.equal(next.session(session.id)?.events, 1);
  disk.free();
  t.match(next.deleteSession(session.id, "a", "request"), { events: 1 });
});

t.test("a recorder goes on over a full disk", async (t) => {
  const made = onSmallDisk(t);
  if (made === undefined) return;
  const { disk, history } = made;
  const log = new Logs();
  const recorder = new HistoryRecorder({
    history,
    regions: () => [],
    wallMs: (timeMs) => timeMs,
    session: () => null,
    log,
  });
  disk.fill();
  const movement = (apexMs: number) => ({
    ...{ face: 1, verdict: "blink" as const, context: [] },
    spotted: { kind: "suppressed" as const, reason: "blink" as const, apexMs, score: 1 },
  });
  for (let number = 0; number < 300; number++) recorder.listener.onOutcome(movement(number));
  t.ok(recorder.stats().failures > 0);
  t.equal(log.count(/^error history: the history in .* is full/), 1);
  disk.free();
  recorder.listener.onOutcome(movement(1000));
  t.equal(history.movements({ limit: 1 })[0]?.atMs, 1000);
});
