import { quantile } from "../lib/quantile.js";

const RESAMPLES = 1000;
/** Fixed, so that the same labels give the same interval every time. */
const SEED = 20110125;

/** A statistic, and between which bounds it would lie in 95 of 100 samples like this one. */
export interface Estimate {
  /** Null where it is not defined: too few units, or all in one category. */
  readonly value: number | null;
  /** 95 % interval; null where the value is, or where there is a single unit. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What it was computed of: movements that more than one reviewer has labelled. */
  readonly units: number;
}

/** Even random numbers, 0 ≤ x < 1 (mulberry32, public domain, Tommy Ettinger). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A statistic with its percentile bootstrap interval (Efron and Tibshirani 1993, chapter 13): units are drawn with
 * replacement, all ratings of one together. Samples for which it is not defined are left out.
 * @param kinds of each unit, an index: units of one kind are rated alike
 * @param statistic of so many units of each kind
 */
export function estimate(kinds: readonly number[], statistic: (counts: Float64Array) => number | null): Estimate {
  const units = kinds.length;
  const counts = new Float64Array(Math.max(-1, ...new Set(kinds)) + 1);
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  const value = statistic(counts);
  if (value === null || units < 2) return { value, interval: null, units };
  const random = randomFrom(SEED);
  const values: number[] = [];
  for (let sample = 0; sample < RESAMPLES; sample++) {
    counts.fill(0);
    for (let draw = 0; draw < units; draw++) {
      const kind = kinds[Math.floor(random() * units)] ?? 0;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    const drawn = statistic(counts);
    if (drawn !== null) values.push(drawn);
  }
  if (values.length === 0) return { value, interval: null, units };
  values.sort((a, b) => a - b);
  return { value, interval: [quantile(values, 0.025), quantile(values, 0.975)], units };
}
