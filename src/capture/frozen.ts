import type { Mat } from "../runtime/opencv.js";

const MOST_BETWEEN_LOOKS_MS = 500;

/**
 * Tells whether a live source has come to deliver the very same picture again and again, as a hung capture card or
 * stream does. The noise of a camera never repeats itself to the bit.
 */
export class FrozenDetector {
  readonly #limitMs: number;
  #picture: Buffer | undefined;
  #sinceMs = 0;
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** @param limitMs from when on a picture that stays counts as frozen; 0 for never */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @param nowMs milliseconds on a monotonic clock */
  isFrozen(image: Mat, nowMs: number): boolean {
    if (this.#limitMs === 0) return false;
    // Looking costs a copy of the picture: not every frame is looked at.
    if (nowMs - this.#lookedMs >= Math.min(MOST_BETWEEN_LOOKS_MS, this.#limitMs / 4)) {
      this.#lookedMs = nowMs;
      const picture = image.getData();
      if (this.#picture === undefined || !picture.equals(this.#picture)) {
        this.#picture = picture;
        this.#sinceMs = nowMs;
      }
    }
    return this.#lookedMs - this.#sinceMs >= this.#limitMs;
  }
}
