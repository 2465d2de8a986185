/** The nearest rank of a sorted list: the smallest value that at least `share` (0…1) of them do not exceed; 0 of none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
