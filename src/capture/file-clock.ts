/** Reported times that must have been seen before their mean spacing is trusted over the nominal one. */
const ENOUGH_STEPS = 8;

/**
 * Gives every frame of a file its time: the presentation time where the decoder reports one that goes forward, else
 * the last time and one interval. (OpenCV 4.6 reports 0 for the last few frames of a stream with B-frames.)
 */
export class FileClock {
  readonly #nominalMs: number;
  #lastMs = -1;
  #baseMs = 0;
  #reportedMs = 0;
  #reportedSteps = 0;

  /** @param fps the file's nominal frame rate */
  constructor(fps: number) {
    this.#nominalMs = 1000 / fps;
  }

  /** The time of the last frame, in milliseconds; -1 before the first. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** @param positionMs what the decoder reports as the frame's presentation time */
  next(positionMs: number): number {
    const reported = this.#baseMs + (Number.isFinite(positionMs) ? Math.max(0, positionMs) : 0);
    if (this.#lastMs < 0) {
      this.#lastMs = reported;
    } else if (reported > this.#lastMs) {
      this.#reportedMs += reported - this.#lastMs;
      this.#reportedSteps += 1;
      this.#lastMs = reported;
    } else {
      this.#lastMs += this.#intervalMs();
    }
    return this.#lastMs;
  }

  /** The file begins again: its times go on one frame after the last. */
  rewind(): void {
    if (this.#lastMs >= 0) this.#baseMs = this.#lastMs + this.#intervalMs();
  }

  #intervalMs(): number {
    return this.#reportedSteps >= ENOUGH_STEPS ? this.#reportedMs / this.#reportedSteps : this.#nominalMs;
  }
}
