/**
 * Solves the symmetric system (A + ridge·I) x = b by Cholesky's factorisation; for the few unknowns of a motion model.
 * @param a row-major n × n, read only in its lower half.
 * @param ridge keeps flat, featureless regions from dividing by nothing; it shrinks their answer towards 0.
 */
export function solveSymmetric(a: ArrayLike<number>, b: ArrayLike<number>, ridge: number): Float64Array {
  const n = b.length;
  const l = new Float64Array(n * n);
  const at = (i: number, j: number) => l[i * n + j] as number;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (a[i * n + j] ?? 0) + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(j, j);
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - at(i, k) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = (x[i] as number) - at(k, i) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  return x;
}
