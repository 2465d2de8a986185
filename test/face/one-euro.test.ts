import t from "tap";
import { OneEuro } from "../../src/face/one-euro.js";
import { deviation, Random } from "../support/random.js";

/** Filters `signal` (of seconds) for two seconds at this rate and gives what came out, moment by moment. */
function filtered(fps: number, signal: (s: number) => number, filter = new OneEuro(1.2, 6)): number[] {
  return Array.from({ length: 2 * fps + 1 }, (_, i) => filter.filter(signal(i / fps), (1000 * i) / fps));
}

t.test("a constant stays, from the first value on", async (t) => {
  t.ok(filtered(60, () => 3.7).every((value) => value === 3.7));
});

t.test("jitter at rest is smoothed to a fraction", async (t) => {
  const random = new Random(1);
  const jitter = filtered(60, () => 5 + 0.004 * random.normal()).slice(30);
  t.ok(deviation(jitter) < 0.5 * 0.004, `${deviation(jitter)}`);
});

t.test("a ramp is followed closely", async (t) => {
  const end = filtered(60, (s) => 2 * s).at(-1) ?? 0;
  t.ok(end < 4 && 4 - end < 0.1, `4 came out as ${end}`);
});

t.test("a step is reached without overshoot", async (t) => {
  const values = filtered(60, (s) => (s < 1 ? 0 : 1));
  t.ok(Math.max(...values) <= 1);
  t.ok((values.at(-1) ?? 0) > 0.98, `${values.at(-1)}`);
});

t.test("the frame rate hardly matters", async (t) => {
  const signal = (s: number) => Math.sin(3 * s);
  const ends = [30, 60, 100, 200].map((fps) => filtered(fps, signal).at(-1) ?? 0);
  t.ok(Math.max(...ends) - Math.min(...ends) < 0.05, `${ends}`);
});

t.test("two values of one moment do no harm", async (t) => {
  const filter = new OneEuro(1, 1);
  filter.filter(1, 10);
  t.ok(Number.isFinite(filter.filter(2, 10)));
});
