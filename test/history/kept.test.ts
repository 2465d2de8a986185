import t from "tap";
import { openHistory, raised, sampleSession, withheld } from "../support/history.js";

const DAY_MS = 24 * 3600 * 1000;

t.test("what is kept of many ids, and what was deleted is told", (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const session = sampleSession();
  history.beginSession(session);
  const inside = Array.from({ length: 700 }, (_, i) => raised(i + 1, session.id));
  const outside = raised(5000);
  for (const movement of [...inside, outside]) history.add(movement);
  const ids = [...inside, outside].map(({ id }) => id);
  let told = 0;
  const stop = history.onDelete(() => told++);
  t.equal(history.kept([...ids, "0f6b1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"]).size, 701);
  history.label({ movement: outside.id, reviewer: "a", decision: "real" });
  t.equal(told, 0, "a label deletes nothing");
  history.deleteSession(session.id, "ada", "request");
  t.equal(told, 1);
  t.strictSame([...history.kept(ids)], [outside.id]);
  stop();
  t.strictSame([...history.kept([])], []);
  t.end();
});

t.test("what is given up for want of room is told", (t) => {
  const history = openHistory(t.testdir(), { maxBytes: 100_000 });
  t.teardown(() => history.close());
  let told = 0;
  history.onDelete(() => told++);
  for (let i = 0; i < 400; i++) history.add(withheld(i));
  t.ok(told > 0);
  t.equal(told > 0, history.stats().evicted > 0);
  t.end();
});

t.test("age counts from when it was stored, and no clock is believed that has just jumped", (t) => {
  let [wallMs, uptimeMs] = [Date.UTC(2026, 2, 2), 0];
  const history = openHistory(t.testdir(), { now: () => wallMs, uptime: () => uptimeMs });
  t.teardown(() => history.close());
  const movement = raised(1);
  const ids = [movement.id];
  history.add(movement);
  const pass = (days: number) => {
    wallMs += days * DAY_MS;
    uptimeMs += days * DAY_MS;
  };
  pass(2);
  history.expire(0);
  t.equal(history.keptLonger(ids, 3).size, 0);
  pass(2);
  history.expire(0);
  t.equal(history.keptLonger(ids, 3).size, 1);
  t.equal(history.keptLonger(ids, 5).size, 0);
  wallMs += 400 * DAY_MS;
  history.expire(0);
  t.equal(history.keptLonger(ids, 3).size, 0, "the clock has jumped ahead");
  history.expire(0);
  t.equal(history.keptLonger(ids, 5).size, 0, "what was stored meanwhile has moved with it");
  t.equal(history.keptLonger(ids, 3).size, 1);
  t.end();
});
