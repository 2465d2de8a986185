/** A value at a moment. */
export interface Sample {
  readonly timeMs: number;
  readonly value: number;
}

/** Samples by time. */
export type Series = readonly Sample[];

/** Samples farther apart than this have no line between them: the face was gone. */
export const GAP_MS = 100;

/** The value at a moment, interpolated linearly; undefined before, after and in gaps. */
export function valueAt(series: Series, timeMs: number): number | undefined {
  let [low, high] = [0, series.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series[middle] as Sample).timeMs < timeMs) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [series[low - 1], series[low]];
  if (after?.timeMs === timeMs) return after.value;
  if (before === undefined || after === undefined) return undefined;
  const gap = after.timeMs - before.timeMs;
  if (gap > GAP_MS) return undefined;
  return before.value + ((timeMs - before.timeMs) / gap) * (after.value - before.value);
}

/**
 * Each value less the mean of the values half a span before and after: what rises and falls within the span stays,
 * what lasts longer goes. Moments without both are left out.
 */
export function contrasted(series: Series, halfMs: number): Sample[] {
  const result: Sample[] = [];
  for (const { timeMs, value } of series) {
    const [before, after] = [valueAt(series, timeMs - halfMs), valueAt(series, timeMs + halfMs)];
    if (before !== undefined && after !== undefined) result.push({ timeMs, value: value - (before + after) / 2 });
  }
  return result;
}

/**
 * A series on its own scale: 0 is its mean and 1 its highest value, so that the papers' threshold
 * mean + p · (max − mean) is p. It takes knowledge of the whole video.
 */
export function scaled(series: Series): Sample[] {
  const mean = series.reduce((sum, { value }) => sum + value, 0) / series.length;
  const range = series.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY) - mean;
  return series.map(({ timeMs, value }) => ({ timeMs, value: range > 0 ? (value - mean) / range : 0 }));
}
