import t from "tap";
import { type Settled, Settling, type StepSaying } from "../../src/spotting/settling.js";

/** What a network says, every 20 ms, of expressions that end at `offsets` and last 300 ms; `sure` is its probability. */
function sayings(offsets: readonly number[], sure: (sinceOffsetMs: number) => number): StepSaying[] {
  return Array.from({ length: 150 }, (_, i) => {
    const timeMs = 20 * i;
    const said = offsets.map((offset) => ({ probability: sure(timeMs - offset), offset }));
    const { probability, offset } = said.reduce((best, one) => (one.probability > best.probability ? one : best));
    const age = timeMs - offset;
    return { timeMs, probability, ages: [age + 300, age + 150, age] };
  });
}

function settled(steps: readonly StepSaying[], threshold = 0.5): Settled[] {
  const settling = new Settling(() => threshold);
  const found = [...steps.map((step) => settling.push(step)), settling.end()];
  return found.filter((one) => one !== undefined);
}

const once = (since: number) => Math.max(0, 1 - Math.abs(since - 60) / 80);

t.test("one expression is told once, at the surest step's marks", async (t) => {
  t.same(settled(sayings([1000], once)), [{ onsetMs: 700, apexMs: 850, offsetMs: 1000, probability: 1 }]);
});

t.test("a network that grows sure twice over one expression merges into one", async (t) => {
  const twice = (since: number) => Math.max(once(since), 0.9 * once(since - 160));
  t.equal(settled(sayings([1000], twice)).length, 1);
});

t.test("two expressions, the second begun when the first had ended, are split", async (t) => {
  t.same(
    settled(sayings([1000, 1320], once)).map(({ offsetMs }) => offsetMs),
    [1000, 1320],
  );
});

t.test("a movement whose peak lies before the last one's end is that one's, not a second", async (t) => {
  t.same(
    settled(sayings([1000, 1120], once)).map(({ offsetMs }) => offsetMs),
    [1000],
  );
});

t.test("what is not probable enough is not told, and the end tells what still waits", async (t) => {
  t.same(settled(sayings([1000], (since) => 0.4 * once(since))), []);
  t.same(
    settled(sayings([2930], once)).map(({ offsetMs }) => offsetMs),
    [2930],
  );
});
