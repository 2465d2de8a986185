import t from "tap";
import { solveSymmetric } from "../../src/spotting/linear.js";
import { Random } from "../support/random.js";

const near = (found: ArrayLike<number>, wanted: readonly number[], within = 1e-9) =>
  wanted.every((value, i) => Math.abs((found[i] ?? Number.NaN) - value) <= within);

t.test("known systems", async (t) => {
  t.ok(near(solveSymmetric([4], [8], 0), [2]));
  t.ok(near(solveSymmetric([2, 0, 0, 5], [4, 10], 0), [2, 2]));
  t.ok(near(solveSymmetric([4, 2, 2, 3], [2, 5], 0), [-0.5, 2]));
});

t.test("only the lower half is read, and nothing is changed", async (t) => {
  const a = [4, Number.NaN, 2, 3];
  const b = [2, 5];
  t.ok(near(solveSymmetric(a, b, 0), [-0.5, 2]));
  t.same(
    [a, b],
    [
      [4, Number.NaN, 2, 3],
      [2, 5],
    ],
  );
});

t.test("six unknowns at random", async (t) => {
  const random = new Random(3);
  for (let round = 0; round < 20; round++) {
    // M Mᵀ + I is symmetric and positive.
    const m = Array.from({ length: 36 }, () => random.normal());
    const a = Array.from({ length: 36 }, (_, at) => {
      const [i, j] = [Math.floor(at / 6), at % 6];
      const dot = Array.from({ length: 6 }, (_, k) => (m[6 * i + k] ?? 0) * (m[6 * j + k] ?? 0));
      return dot.reduce((sum, term) => sum + term, i === j ? 1 : 0);
    });
    const x = Array.from({ length: 6 }, () => random.normal());
    const b = x.map((_, i) => x.reduce((sum, value, j) => sum + (a[6 * i + j] ?? 0) * value, 0));
    t.ok(near(solveSymmetric(a, b, 0), x, 1e-8));
  }
});

t.test("the ridge is added to the diagonal", async (t) => t.ok(near(solveSymmetric([3], [8], 1), [2])));

t.test("a region without any texture has moved nowhere, not everywhere", async (t) => {
  t.ok(near(solveSymmetric([0, 0, 0, 0], [1e-9, -1e-9], 1e-4), [0, 0], 1e-4));
  const singular = solveSymmetric([1, 1, 1, 1], [1, 1], 1e-6);
  t.ok(near(singular, [0.5, 0.5], 1e-3), `${singular}`);
});
