import { firstNotBefore } from "../lib/sorted.js";
import type { MotionSample } from "./motion-sample.js";

/** The last seconds of one face's motion, readable at any moment by interpolation. */
export class MotionHistory {
  private samples: MotionSample[] = [];

  constructor(private readonly spanMs: number) {}

  push(sample: MotionSample): void {
    this.samples.push(sample);
    // Cut in blocks: removing the first of many at every push would copy the whole array each time.
    const oldest = sample.timeMs - 2 * this.spanMs;
    if ((this.samples[0]?.timeMs ?? 0) < oldest) {
      const keep = sample.timeMs - this.spanMs;
      this.samples = this.samples.filter((s) => s.timeMs >= keep);
    }
  }

  get firstMs(): number {
    return this.samples[0]?.timeMs ?? Number.POSITIVE_INFINITY;
  }

  get lastMs(): number {
    return this.samples.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY;
  }

  /** Samples with fromMs ≤ time ≤ toMs. */
  between(fromMs: number, toMs: number): MotionSample[] {
    return this.samples.slice(this.indexAt(fromMs), this.indexAt(toMs + 1e-6));
  }

  /** A vector of the samples at a moment, interpolated linearly; beyond the ends, the end. */
  at(timeMs: number, read: (sample: MotionSample) => Float64Array): Float64Array {
    const next = this.indexAt(timeMs);
    const after = this.samples[Math.min(next, this.samples.length - 1)] as MotionSample;
    const before = this.samples[Math.max(0, next - 1)] as MotionSample;
    const gap = after.timeMs - before.timeMs;
    const share = gap <= 0 ? 0 : Math.min(1, Math.max(0, (timeMs - before.timeMs) / gap));
    const [p, q] = [read(before), read(after)];
    return p.map((value, i) => value + share * ((q[i] as number) - value));
  }

  /** Index of the first sample not before a time. */
  private indexAt(timeMs: number): number {
    return firstNotBefore(this.samples, timeMs, (sample) => sample.timeMs);
  }
}
