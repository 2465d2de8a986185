/** A series that has been thinned: bucket i covers `widthMs` from `startsMs[i]` and holds what lay between. */
export interface Buckets {
  readonly widthMs: number;
  readonly startsMs: readonly number[];
  /** A channel: smallest and largest value of each bucket. */
  readonly low: readonly (readonly number[])[];
  readonly high: readonly (readonly number[])[];
}

/** No source is so fast that a millisecond holds two frames. */
const FIRST_WIDTH_MS = 1;

/**
 * Values over time in memory that is taken once: each bucket keeps the smallest and the largest of its span, so that
 * no peak is lost. When all buckets are used, their width doubles. Spans without values take none.
 */
export class MinMaxSeries {
  private readonly slots: Float64Array;
  private readonly low: Float32Array;
  private readonly high: Float32Array;
  private count = 0;
  private widthMs = FIRST_WIDTH_MS;

  /**
   * @param channels values a moment.
   * @param capacity most buckets, at least 2.
   * @throws RangeError for a capacity below 2
   */
  constructor(
    private readonly channels: number,
    private readonly capacity: number,
  ) {
    if (capacity < 2) throw new RangeError(`${capacity} buckets cannot be halved`);
    this.slots = new Float64Array(capacity);
    this.low = new Float32Array(capacity * channels);
    this.high = new Float32Array(capacity * channels);
  }

  /** Takes the values of a moment; times must not go back. */
  push(timeMs: number, values: ArrayLike<number>): void {
    let slot = Math.floor(timeMs / this.widthMs);
    const isNew = () => this.count === 0 || this.slots[this.count - 1] !== slot;
    while (this.count === this.capacity && isNew()) {
      this.halve();
      slot = Math.floor(timeMs / this.widthMs);
    }
    if (isNew()) this.append(slot, values);
    else this.widen(this.count - 1, values, values);
  }

  /** What has been kept, oldest first. */
  buckets(): Buckets {
    const { count, channels, widthMs } = this;
    const column = (store: Float32Array, channel: number) =>
      Array.from({ length: count }, (_, i) => store[i * channels + channel] as number);
    const columns = (store: Float32Array) => Array.from({ length: channels }, (_, channel) => column(store, channel));
    return {
      widthMs,
      startsMs: Array.from(this.slots.subarray(0, count), (slot) => slot * widthMs),
      low: columns(this.low),
      high: columns(this.high),
    };
  }

  private append(slot: number, values: ArrayLike<number>): void {
    this.slots[this.count] = slot;
    this.low.set(values, this.count * this.channels);
    this.high.set(values, this.count * this.channels);
    this.count++;
  }

  private widen(index: number, low: ArrayLike<number>, high: ArrayLike<number>): void {
    const start = index * this.channels;
    for (let c = 0; c < this.channels; c++) {
      this.low[start + c] = Math.min(this.low[start + c] as number, low[c] as number);
      this.high[start + c] = Math.max(this.high[start + c] as number, high[c] as number);
    }
  }

  private halve(): void {
    this.widthMs *= 2;
    const old = this.count;
    this.count = 0;
    for (let i = 0; i < old; i++) {
      const slot = Math.floor((this.slots[i] as number) / 2);
      const [from, to] = [i * this.channels, (i + 1) * this.channels];
      if (this.count > 0 && this.slots[this.count - 1] === slot) {
        this.widen(this.count - 1, this.low.subarray(from, to), this.high.subarray(from, to));
      } else {
        this.slots[this.count] = slot;
        this.low.copyWithin(this.count * this.channels, from, to);
        this.high.copyWithin(this.count * this.channels, from, to);
        this.count++;
      }
    }
  }
}
