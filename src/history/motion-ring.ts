import type { MotionSample, MotionSignal } from "../spotting/index.js";
import type { Excerpt } from "./types.js";

/** The spotter speaks every 40 ms or, without a network, with every sample. */
type Signal = Excerpt["signal"][number];

/**
 * The last seconds of one face's motion, in memory that is taken once. When more samples come than were planned for,
 * the oldest go early.
 */
export class MotionRing {
  private readonly memory: Float32Array;
  private readonly times: Float64Array;
  private readonly signals: Signal[] = [];
  private readonly capacity: number;
  private readonly width: number;
  private first = 0;
  private count = 0;

  /**
   * @param spanMs how long a sample stays
   * @param maxFps the fastest source that the memory is made for
   */
  constructor(
    private readonly regions: readonly string[],
    private readonly spanMs: number,
    maxFps: number,
  ) {
    this.capacity = Math.ceil((spanMs / 1000) * maxFps) + 1;
    this.width = 3 * regions.length + 4;
    this.memory = new Float32Array(this.capacity * this.width);
    this.times = new Float64Array(this.capacity);
  }

  /** Time of the latest sample; undefined before the first. */
  get lastMs(): number | undefined {
    return this.count === 0 ? undefined : this.timeAt(this.count - 1);
  }

  /** Copies a sample in. Times must grow. */
  push({ timeMs, displacement, change, head }: MotionSample): void {
    while (this.count > 0 && timeMs - this.timeAt(0) > this.spanMs) this.dropOldest();
    if (this.count === this.capacity) this.dropOldest();
    const slot = (this.first + this.count) % this.capacity;
    const at = slot * this.width;
    this.memory.set(displacement, at);
    this.memory.set(change, at + displacement.length);
    this.memory.set(head, at + displacement.length + change.length);
    this.times[slot] = timeMs;
    this.count++;
  }

  signal({ timeMs, score, group }: MotionSignal): void {
    const { signals } = this;
    while (signals.length > 0 && timeMs - (signals[0]?.timeMs ?? 0) > this.spanMs) signals.shift();
    if (signals.length >= this.capacity) signals.shift();
    signals.push({ timeMs, score, group });
  }

  /** What was measured from one moment to another; undefined where there is nothing of it, or nothing any more. */
  cut(fromMs: number, toMs: number): Excerpt | undefined {
    const places = Array.from({ length: this.count }, (_, index) => index).filter((index) => {
      return this.timeAt(index) >= fromMs && this.timeAt(index) <= toMs;
    });
    if (places.length === 0) return undefined;
    const { length } = this.regions;
    const part = (from: number, to: number) =>
      places.map((index) => {
        const at = ((this.first + index) % this.capacity) * this.width;
        return Array.from(this.memory.subarray(at + from, at + to));
      });
    return {
      regions: this.regions,
      timesMs: places.map((index) => this.timeAt(index)),
      displacement: part(0, 2 * length),
      change: part(2 * length, 3 * length),
      head: part(3 * length, this.width),
      signal: this.signals.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs),
    };
  }

  private timeAt(index: number): number {
    return this.times[(this.first + index) % this.capacity] ?? Number.NaN;
  }

  private dropOldest(): void {
    this.first = (this.first + 1) % this.capacity;
    this.count--;
  }
}
