import { statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { openHistory, raised, reportOf, sampleExcerpt, sampleSession, withheld } from "../support/history.js";

t.test("what is stored is there again after a restart, for the daemon's user alone", async (t) => {
  const directory = join(t.testdir(), "outbox");
  const history = openHistory(directory);
  const session = sampleSession();
  const movement = raised(1, session.id);
  const excerpt = sampleExcerpt();
  const span = { fromMs: 1000, toMs: 61_000, watchedMs: 60_000, judgedMs: 55_500.5, gaps: { dark: 4499.5 } };
  history.beginSession(session);
  history.add(movement);
  history.setExcerpt(movement.id, excerpt);
  history.addCoverage(session.id, span);
  history.noteSession(session.id, "first of two\nwith O'Brien");
  history.endSession(reportOf(session));
  history.close();
  history.close();
  t.equal(statSync(join(directory, "history.db")).mode & 0o777, 0o600);
  t.equal(statSync(directory).mode & 0o777, 0o700);
  const again = openHistory(directory);
  t.teardown(() => again.close());
  t.strictSame(again.movement(movement.id), movement);
  t.strictSame(again.excerptOf(movement.id), excerpt);
  t.strictSame(again.coverageOf(session.id), [span]);
  t.strictSame(again.session(session.id), {
    session,
    report: reportOf(session),
    note: "first of two\nwith O'Brien",
    events: 1,
    movements: 1,
    labelled: 0,
    deletion: null,
  });
  t.match(again.stats(), { movements: 1, labels: 0, replaced: 0, evicted: 0 });
});

t.test("movements come page by page, newest first, and by what is asked for", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const [one, two] = [sampleSession(), sampleSession(1)];
  const kept = Array.from({ length: 9 }, (_, number) => {
    const session = [one.id, two.id, null][number % 3] ?? null;
    return number % 2 === 0 ? withheld(number * 2, session) : raised(number * 2000, session);
  });
  // Two at the same time, and not in order.
  const twin = withheld(4);
  for (const movement of [...kept.slice(4), twin, ...kept.slice(0, 4)]) history.add(movement);
  const all = [...kept, twin].sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
  const found: string[] = [];
  for (let page = history.movements({ limit: 3 }); page.length > 0; ) {
    found.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    page = last === undefined ? [] : history.movements({ limit: 3, before: last });
  }
  t.strictSame(found, all);
  const risen: string[] = [];
  for (let page = history.movements({ limit: 3, after: { atMs: 0, id: "" } }); page.length > 0; ) {
    risen.push(...page.map(({ id }) => id));
    page = history.movements({ limit: 3, after: page.at(-1) ?? { atMs: 0, id: "" } });
  }
  t.strictSame(risen, all.toReversed(), "or oldest first");
  const asked = (query: object) => history.movements({ limit: 100, ...query }).map(({ id }) => id);
  t.strictSame(asked({ session: one.id }), [kept[6]?.id, kept[3]?.id, kept[0]?.id]);
  t.equal(asked({ session: null }).length, 4);
  t.strictSame(new Set(asked({ raised: true })), new Set([1, 3, 5, 7].map((at) => kept[at]?.id)));
  const between = new Set([...[2, 3, 4].map((at) => kept[at]?.id), twin.id]);
  t.strictSame(new Set(asked({ from: kept[2]?.atMs, to: kept[5]?.atMs })), between);
});

t.test("sessions come newest first, with what is in them", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const made = [sampleSession(2), sampleSession(0), sampleSession(1)] as const;
  for (const session of made) history.beginSession(session);
  const movement = withheld(1, made[0].id);
  history.add(movement);
  history.add(raised(2, made[0].id));
  history.label({ movement: movement.id, reviewer: "a", decision: "real" });
  history.label({ movement: movement.id, reviewer: "b", decision: "not_real" });
  t.match(history.session(made[0].id), { events: 1, movements: 2, labelled: 1, report: null });
  const ids = (page: { before?: number; limit: number }) => history.sessions(page).map(({ session }) => session.id);
  t.strictSame(ids({ limit: 2 }), [made[0].id, made[2].id]);
  t.strictSame(ids({ limit: 2, before: Date.parse(made[2].startedAt) }), [made[1].id]);
  t.equal(history.session("none"), undefined);
  t.throws(() => history.noteSession("none", "x"), { code: "HISTORY_UNKNOWN", message: /none/ });
});

t.test("a session whose beginning was missed is known from its end; what is known stays as it is", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const session = sampleSession();
  history.endSession(reportOf(session));
  history.noteSession(session.id, "kept");
  history.beginSession({ ...session, room: "another" });
  t.match(history.session(session.id), { session, note: "kept", report: { durationS: 60 } });
});

t.test("a recording that is read again does not double its movements, nor take them from their session", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const session = sampleSession();
  const movement = raised(1, null);
  history.add({ ...movement, event: null });
  history.add({ ...movement, session: session.id });
  history.add(movement);
  history.add({ ...movement, session: sampleSession().id, event: null });
  t.strictSame(history.movements({ limit: 9 }), [{ ...movement, session: session.id }]);
  t.equal(history.movements({ limit: 9, raised: true }).length, 1);
});

t.test("who listens is told after each change, until it does not want to be", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  let changes = 0;
  const stop = history.onChange(() => changes++);
  const [session, movement] = [sampleSession(), withheld(1)];
  history.beginSession(session);
  history.add(movement);
  history.label({ movement: movement.id, reviewer: "a", decision: "real" });
  history.deleteSession(session.id, "a", "request");
  t.equal(changes, 4);
  stop();
  history.add(withheld(2));
  t.equal(changes, 4);
});

t.test("when there is no room left the oldest go, labelled ones last", async (t) => {
  const history = openHistory(t.testdir(), { maxBytes: 600_000 });
  t.teardown(() => history.close());
  const labelled = withheld(0);
  history.add(labelled);
  history.label({ movement: labelled.id, reviewer: "a", decision: "real" });
  const event = raised(1);
  history.add(event);
  for (let number = 2; number < 150; number++) {
    const movement = withheld(number);
    history.add(movement);
    history.setExcerpt(movement.id, sampleExcerpt(150, number));
  }
  const { bytes, evicted, movements } = history.stats();
  t.ok(bytes <= 600_000, `${bytes}`);
  t.ok(evicted > 0);
  t.equal(movements, 150 - evicted);
  t.ok(history.movement(labelled.id));
  t.ok(history.movement(event.id));
  t.equal(history.movements({ limit: 1 })[0]?.movement.apexMs, 149_000);
});

t.test("a directory that another process uses, or nobody can, is refused in words", async (t) => {
  const directory = t.testdir({ file: "" });
  const history = openHistory(directory);
  t.teardown(() => history.close());
  t.throws(() => openHistory(directory), { code: "HISTORY_UNWRITABLE", message: /in use by another process/ });
  t.throws(() => openHistory(join(directory, "file")), {
    code: "HISTORY_UNWRITABLE",
    message: /is a file|file of that name/,
  });
});
