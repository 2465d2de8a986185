import t, { type Test } from "tap";
import { openHistory, raised, reportOf, sampleExcerpt, sampleSession, withheld } from "../support/history.js";

const DAY_MS = 24 * 3600 * 1000;
const START = Date.UTC(2026, 2, 2, 12);

/** A history whose clocks a test moves: the one on the wall, and the one that no one sets. */
function timed(t: Test, directory = t.testdir(), wallMs = START) {
  const clock = { wallMs, uptimeMs: 0 };
  const history = openHistory(directory, { now: () => clock.wallMs, uptime: () => clock.uptimeMs });
  t.teardown(() => history.close());
  const pass = (days: number) => {
    clock.wallMs += days * DAY_MS;
    clock.uptimeMs += days * DAY_MS;
  };
  return { history, clock, pass, directory };
}

const none = { sessions: 0, movements: 0, events: 0, labels: 0, clips: 0 };

t.test("what has been kept long enough goes, sessions as a whole, and is told like a deletion", async (t) => {
  const { history, pass } = timed(t);
  const [old, young] = [sampleSession(0), sampleSession(1)];
  history.beginSession(old);
  for (const movement of [raised(1, old.id), withheld(2, old.id), raised(3)]) {
    history.add(movement);
    history.setExcerpt(movement.id, sampleExcerpt());
    history.label({ movement: movement.id, reviewer: "a", decision: "real" });
  }
  history.endSession(reportOf(old));
  pass(20);
  history.beginSession(young);
  history.add(withheld(4, young.id));
  history.add(withheld(5));
  pass(9.9);
  t.strictSame(history.expire(30), none);
  pass(0.2);
  t.strictSame(history.expire(0), none, "0 keeps everything");
  t.strictSame(history.expire(30), { sessions: 1, movements: 3, events: 2, labels: 3, clips: 3 });
  t.match(history.session(old.id), {
    session: { subject: "", consent: "" },
    movements: 0,
    deletion: { reason: "retention", by: "retention", movements: 2, events: 1, labels: 2, clips: 2 },
  });
  t.equal(history.movements({ limit: 9 }).length, 2);
  const told = history.unsentDeletions();
  t.match(
    told.map(({ session, movements, reason }) => [session, movements, reason]),
    [
      [old.id, 2, "retention"],
      [null, 1, "retention"],
    ],
  );
  t.strictSame(history.expire(30), none, "once");
  for (const { id } of told) history.markDeletionSent(id);
  t.strictSame(history.unsentDeletions(), []);
  t.ok(history.session(old.id)?.deletion, "the record stays");
});

t.test("a session that may be open still is kept whole; one whose end was lost is not", async (t) => {
  const { history, pass } = timed(t);
  const [lost, open] = [sampleSession(0), sampleSession(1)];
  history.beginSession(lost);
  history.beginSession(open);
  history.add(withheld(1, open.id));
  pass(40);
  t.match(history.expire(30), { sessions: 1, movements: 0 });
  t.ok(history.session(lost.id)?.deletion);
  t.match(history.session(open.id), { deletion: null, movements: 1 });
  history.endSession(reportOf(open));
  t.match(history.expire(30), { sessions: 1, movements: 1 });
});

t.test("a clock that jumps ahead and back deletes nothing that is young", async (t) => {
  const { history, directory } = timed(t);
  history.add(withheld(1));
  history.close();
  const later = timed(t, directory, START + 10 * DAY_MS);
  later.history.add(withheld(2));
  later.clock.wallMs += 400 * DAY_MS;
  t.strictSame(later.history.expire(30), none, "it may be set back soon");
  later.history.add(withheld(3));
  later.clock.wallMs -= 400 * DAY_MS;
  t.strictSame(later.history.expire(30), none);
  later.clock.wallMs -= 20_000 * DAY_MS;
  t.strictSame(later.history.expire(30), none);
  later.history.add(withheld(4));
  later.clock.wallMs += 20_000 * DAY_MS;
  t.strictSame(later.history.expire(30), none);
  t.equal(later.history.stats().movements, 4);
  later.pass(19);
  t.match(later.history.expire(30), { movements: 0 });
  later.pass(12);
  t.strictSame(later.history.expire(30).movements, 4, "the age of each is what it was");
});

t.test("a clock that is set right, and stays, lets go what is old and keeps what came since the start", async (t) => {
  const { history, directory } = timed(t);
  history.add(withheld(1));
  history.close();
  // A board without a battery: it wakes where it was last set, sixty days ago.
  const later = timed(t, directory, START + DAY_MS);
  later.history.add(withheld(2));
  later.clock.wallMs += 60 * DAY_MS;
  t.strictSame(later.history.expire(30), none);
  later.pass(1);
  t.match(later.history.expire(30), { movements: 1 });
  t.match(later.history.movements({ limit: 9 }), [{ movement: { apexMs: 2000 } }]);
});

t.test("a clock that was never set deletes nothing, and what it stored counts from when it is", async (t) => {
  const { history, pass, directory } = timed(t, undefined, 5000);
  history.add(withheld(1));
  pass(40);
  t.strictSame(history.expire(30), none);
  history.close();
  const later = timed(t, directory, START);
  t.strictSame(later.history.expire(30), none);
  later.pass(29);
  t.strictSame(later.history.expire(30), none);
  later.pass(2);
  t.match(later.history.expire(30), { movements: 1 });
});
