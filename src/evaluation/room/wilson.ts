/** The 97.5th percentile of the standard normal distribution. */
const Z = 1.959964;

/** A share of a count, with its 95 % interval. */
export interface Share {
  /** Null of nothing. */
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

/** How large a share is, with Wilson's interval (Wilson 1927, J. Am. Stat. Assoc. 22), which also holds for few. */
export function shareOf(some: number, all: number): Share {
  if (all === 0) return { value: null, low: 0, high: 1, of: 0 };
  const p = some / all;
  const square = (Z * Z) / all;
  const centre = (p + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((p * (1 - p)) / all + square / (4 * all));
  return { value: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half), of: all };
}
