/** A quantile below the median, so that even a minute that is mostly speech leaves the quiet moments to measure. */
const QUANTILE = 0.35;
/** The length of a normally distributed pair (x, y) has this quantile at 0.928 σ (Rayleigh's distribution). */
const TO_SIGMA = 1 / Math.sqrt(-2 * Math.log(1 - QUANTILE));

/**
 * How much each region moves when nothing happens, for one person: a low quantile over the last seconds, which rare
 * expressions and blinks hardly touch.
 */
export class Noise {
  private readonly kept: Float64Array[] = [];
  private next = 0;
  private lastKeptMs = -Infinity;
  private lastSortedMs = -Infinity;
  private readonly sigma: Float64Array;

  constructor(
    channels: number,
    /** Least noise that is believed. */
    private readonly floor: number,
    private readonly spanMs = 15_000,
    private readonly everyMs = 50,
  ) {
    this.sigma = new Float64Array(channels).fill(floor);
  }

  /** Takes the size of every channel at a moment. */
  push(timeMs: number, sizes: Float64Array): void {
    if (timeMs - this.lastKeptMs < this.everyMs) return;
    this.lastKeptMs = timeMs;
    const capacity = Math.ceil(this.spanMs / this.everyMs);
    this.kept[this.next] = sizes;
    this.next = (this.next + 1) % capacity;
    if (timeMs - this.lastSortedMs < 500) return;
    this.lastSortedMs = timeMs;
    for (let c = 0; c < this.sigma.length; c++) {
      const column = this.kept.map((row) => row[c] as number).sort((p, q) => p - q);
      const quiet = column[Math.floor(QUANTILE * column.length)] ?? 0;
      this.sigma[c] = Math.max(this.floor, TO_SIGMA * quiet);
    }
  }

  of(channel: number): number {
    return this.sigma[channel] ?? this.floor;
  }
}
