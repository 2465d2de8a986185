import type { Still } from "./footage.js";

/**
 * The last pictures of one face. It holds the arrays that the pipeline made anyway, so that nothing is copied; memory is
 * bounded by their number.
 */
export class StillRing {
  private readonly stills: Still[] = [];
  private readonly capacity: number;

  /**
   * @param side width and height of every picture, pixels
   * @param spanMs how long a picture stays
   * @param maxFps the fastest source that there is room for; of a faster one the oldest pictures go early
   */
  constructor(
    readonly side: number,
    private readonly spanMs: number,
    maxFps: number,
  ) {
    this.capacity = Math.ceil((spanMs / 1000) * maxFps) + 1;
  }

  /** Time of the latest picture; before the first, earlier than any. */
  get lastMs(): number {
    return this.stills.at(-1)?.timeMs ?? -Infinity;
  }

  /** Times must grow. */
  push(still: Still): void {
    const { stills, spanMs, capacity } = this;
    while (stills.length > 0 && still.timeMs - (stills[0]?.timeMs ?? 0) > spanMs) stills.shift();
    if (stills.length >= capacity) stills.shift();
    stills.push(still);
  }

  /** What is left of the pictures from one moment to another. */
  cut(fromMs: number, toMs: number): Still[] {
    return this.stills.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
  }
}
