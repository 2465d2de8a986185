import t from "tap";
import { openHistory, raised, sampleSession, withheld } from "../support/history.js";

t.test("a reviewer may change a mind, and take it back; every version stays", async (t) => {
  const history = openHistory(t.testdir(), { now: () => Date.UTC(2026, 2, 3) });
  t.teardown(() => history.close());
  const movement = raised(1);
  history.add(movement);
  const said = { movement: movement.id, reviewer: "a" };
  const first = history.label({
    ...said,
    decision: "real",
    onsetMs: 10,
    apexMs: 80,
    offsetMs: 200,
    note: "O'Neill: 'oh'",
  });
  t.match(first, { ...said, decision: "real", onsetMs: 10, apexMs: 80, offsetMs: 200, version: 1 });
  t.match(first, {
    at: "2026-03-03T00:00:00.000Z",
    note: "O'Neill: 'oh'",
    model: movement.event?.model,
    flinch: /^\d/,
  });
  const second = history.label({ ...said, decision: "unsure" });
  t.match(second, { decision: "unsure", onsetMs: null, apexMs: null, offsetMs: null, note: "", version: 2 });
  const others = history.label({ ...said, reviewer: "b", decision: "not_real" });
  t.equal(others.version, 1);
  t.strictSame(history.currentLabels(), [second, others]);
  t.strictSame(history.currentLabels({ reviewer: "b" }), [others]);
  const undone = history.label({ ...said, decision: "withdrawn" });
  t.strictSame(history.currentLabels(), [others]);
  t.match(history.session("none"), undefined);
  const fourth = history.label({ ...said, decision: "real" });
  t.strictSame(history.labelsOf(movement.id), [first, second, others, undone, fourth]);
  t.strictSame(
    history.currentLabels().map(({ version }) => version),
    [1, 4],
  );
  t.equal(history.stats().labels, 5);
});

t.test("labels of a session are those of its movements", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const session = sampleSession();
  const [inside, outside] = [withheld(1, session.id), withheld(2)];
  for (const movement of [inside, outside]) history.add(movement);
  const label = history.label({ movement: inside.id, reviewer: "a", decision: "real" });
  history.label({ movement: outside.id, reviewer: "a", decision: "real" });
  t.strictSame(history.currentLabels({ session: session.id }), [label]);
  t.strictSame(history.currentLabels({ session: session.id, reviewer: "b" }), []);
});

t.test("what cannot be said is refused in words, and nothing of it is stored", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const movement = withheld(1);
  history.add(movement);
  const said = { movement: movement.id, reviewer: "a", decision: "real" as const };
  const refused: [wish: object, message: RegExp][] = [
    [{ onsetMs: 100, apexMs: 90 }, /onsetMs 100, apexMs 90: mark the onset no later than the apex/],
    [{ onsetMs: 100, offsetMs: 90 }, /onsetMs 100, offsetMs 90/],
    [{ apexMs: 100, offsetMs: 90 }, /apexMs 100, offsetMs 90/],
    [{ onsetMs: Number.NaN }, /onsetMs NaN/],
    [{ apexMs: -1 }, /apexMs -1/],
    [{ note: "x".repeat(2001) }, /2001 characters; shorten it to 2000/],
    [{ note: "a\u0000b" }, /control characters/],
    [{ reviewer: "" }, /reviewer ""/],
    [{ reviewer: "a\nb" }, /reviewer "a\\nb"/],
    [{ reviewer: "x".repeat(65) }, /1 to 64 characters/],
    [{ decision: "maybe" }, /decision "maybe" is none of real, not_real, unsure, withdrawn/],
    [{ decision: "withdrawn" }, /says nothing of movement .* that could be withdrawn/],
  ];
  for (const [wish, message] of refused)
    t.throws(() => history.label({ ...said, ...wish }), { code: "LABEL_INVALID", message }, String(message));
  t.throws(() => history.label({ ...said, movement: "none" }), { code: "HISTORY_UNKNOWN", message: /movement none/ });
  history.label({ ...said, onsetMs: 0, apexMs: 0, offsetMs: 0, note: "two\nlines, one\ttab" });
  t.equal(history.labelsOf(movement.id).length, 1);
  history.label({ ...said, decision: "withdrawn" });
  t.throws(() => history.label({ ...said, decision: "withdrawn" }), { code: "LABEL_INVALID" });
});
