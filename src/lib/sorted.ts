/** Index of the first entry not before a time, in entries sorted by time; their count where all are before it. */
export function firstNotBefore<T>(entries: readonly T[], timeMs: number, timeOf: (entry: T) => number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(entries[middle] as T) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
