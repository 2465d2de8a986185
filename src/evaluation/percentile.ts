import { quantile } from "../lib/quantile.js";

/** The smallest value that at least this share (0…1) of the values do not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  return quantile(
    [...values].sort((a, b) => a - b),
    share,
  );
}
