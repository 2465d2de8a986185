import type { Clip, ClipFrame } from "../stream/index.js";

/**
 * The last seconds of one face, by time, in memory that is taken once. When more frames come than were planned for,
 * the oldest go early and `evictedEarly` counts them.
 */
export class ClipBuffer implements Clip {
  private readonly memory: Uint8Array;
  private readonly times: Float64Array;
  private readonly capacity: number;
  private first = 0;
  private count = 0;
  /** Frames that left before their time because the source is faster than `maxFps`. */
  evictedEarly = 0;

  /**
   * @param spanMs how long a frame stays.
   * @param maxFps the fastest source that the memory is made for.
   * @param bytesPerCrop size × size × 3.
   */
  constructor(
    private readonly spanMs: number,
    maxFps: number,
    private readonly bytesPerCrop: number,
  ) {
    this.capacity = Math.ceil((spanMs / 1000) * maxFps) + 1;
    this.memory = new Uint8Array(this.capacity * bytesPerCrop);
    this.times = new Float64Array(this.capacity);
  }

  get length(): number {
    return this.count;
  }

  /** Copies a crop in. Times must not go back. */
  push(timeMs: number, crop: Uint8Array): void {
    if (crop.length !== this.bytesPerCrop)
      throw new RangeError(`crop has ${crop.length} bytes, not ${this.bytesPerCrop}`);
    while (this.count > 0 && timeMs - this.timeAt(0) > this.spanMs) this.dropOldest();
    if (this.count === this.capacity) {
      this.dropOldest();
      this.evictedEarly++;
    }
    const slot = (this.first + this.count) % this.capacity;
    this.memory.set(crop, slot * this.bytesPerCrop);
    this.times[slot] = timeMs;
    this.count++;
  }

  /** The frame nearest to a time, or undefined when the buffer is empty. */
  nearest(timeMs: number): ClipFrame | undefined {
    if (this.count === 0) return undefined;
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timeAt(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && timeMs - this.timeAt(low - 1) <= this.timeAt(low) - timeMs) low--;
    const slot = (this.first + low) % this.capacity;
    const start = slot * this.bytesPerCrop;
    return { timeMs: this.timeAt(low), crop: this.memory.subarray(start, start + this.bytesPerCrop) };
  }

  /** Time of the oldest frame still held. */
  get oldestMs(): number | undefined {
    return this.count === 0 ? undefined : this.timeAt(0);
  }

  private timeAt(index: number): number {
    return this.times[(this.first + index) % this.capacity] ?? Number.NaN;
  }

  private dropOldest(): void {
    this.first = (this.first + 1) % this.capacity;
    this.count--;
  }
}
