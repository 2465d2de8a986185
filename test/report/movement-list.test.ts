import t from "tap";
import type { Movement, MovementResult } from "../../src/pipeline/movement.js";
import { MovementList } from "../../src/report/movement-list.js";

const movement = (verdict: MovementResult, apexMs: number, score: number): Movement => ({
  face: 1,
  verdict,
  apexMs,
  score,
  regions: [],
  context: [],
});

t.test("movements come in order of time", async (t) => {
  const list = new MovementList(10);
  for (const apexMs of [300, 100, 200]) list.add(movement("event", apexMs, 5));
  t.same(
    list.movements.map(({ apexMs }) => apexMs),
    [100, 200, 300],
  );
  t.equal(list.dropped, 0);
});

t.test(
  "when there are too many, the weakest that the spotter turned down goes first, and all are counted",
  async (t) => {
    const list = new MovementList(3);
    list.add(movement("event", 100, 4));
    list.add(movement("blink", 200, 9));
    list.add(movement("none", 300, 5));
    list.add(movement("speech", 400, 50));
    t.same(
      list.movements.map(({ verdict }) => verdict),
      ["event", "none", "speech"],
    );
    list.add(movement("event", 500, 4.5));
    list.add(movement("event", 600, 4.2));
    t.same(
      list.movements.map(({ apexMs }) => apexMs),
      [100, 500, 600],
    );
    t.equal(list.dropped, 3);
    t.same(Object.fromEntries(list.counts), { event: 3, blink: 1, none: 1, speech: 1 });
  },
);

t.test("what fell short of the evidence goes after what the spotter itself turned down", async (t) => {
  const list = new MovementList(1);
  list.add(movement("little_evidence", 100, 0.5));
  list.add(movement("too_long", 200, 0.9));
  t.same(
    list.movements.map(({ verdict }) => verdict),
    ["little_evidence"],
  );
});

t.test("where there is too much motion, that around the least worthy goes", async (t) => {
  const list = new MovementList(10);
  const withMotion = (verdict: MovementResult, apexMs: number, score: number) => {
    list.add({ ...movement(verdict, apexMs, score), excerpt: Buffer.from("motion") });
  };
  withMotion("event", 100, 1);
  withMotion("speech", 200, 9);
  withMotion("none", 300, 2);
  withMotion("speech", 400, 5);
  list.trimExcerpts(2);
  t.same(
    list.movements.map(({ apexMs, excerpt }) => [apexMs, excerpt !== undefined]),
    [
      [100, true],
      [200, false],
      [300, true],
      [400, false],
    ],
  );
});
