import { quantile } from "../lib/quantile.js";

/** The last durations of something that happens seldom, in a fixed amount of memory. */
export class LatencyWindow {
  private readonly values: number[] = [];
  private next = 0;
  private latest = 0;

  constructor(private readonly capacity = 256) {}

  add(ms: number): void {
    this.latest = ms;
    this.values[this.next] = ms;
    this.next = (this.next + 1) % this.capacity;
  }

  /** Milliseconds, to a tenth; 0 before the first. */
  summary(): { readonly last: number; readonly p95: number } {
    const sorted = [...this.values].sort((a, b) => a - b);
    return { last: Math.round(this.latest * 10) / 10, p95: Math.round(quantile(sorted, 0.95) * 10) / 10 };
  }
}
