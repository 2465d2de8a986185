/** Measures a frame rate over the last frames and seconds, in fixed memory. */
export class FrameRate {
  readonly #times: Float64Array;
  readonly #windowMs: number;
  #count = 0;

  constructor(options: { readonly frames?: number; readonly windowMs?: number } = {}) {
    this.#times = new Float64Array(options.frames ?? 512);
    this.#windowMs = options.windowMs ?? 3000;
  }

  /** Notes a frame, by its time in milliseconds. */
  add(timeMs: number): void {
    this.#times[this.#count % this.#times.length] = timeMs;
    this.#count += 1;
  }

  /** Forgets what came before: a gap in a stream is no slow frame rate. */
  reset(): void {
    this.#count = 0;
  }

  /** Frames per second; 0 before two frames. */
  perSecond(): number {
    const size = this.#times.length;
    const held = Math.min(this.#count, size);
    if (held < 2) return 0;
    const at = (back: number): number => this.#times[(this.#count - 1 - back) % size] ?? 0;
    const newest = at(0);
    let back = held - 1;
    while (back > 1 && newest - at(back) > this.#windowMs) back -= 1;
    const spanMs = newest - at(back);
    return spanMs > 0 ? (back * 1000) / spanMs : 0;
  }
}
