import { setTimeout as sleep } from "node:timers/promises";

/** Keeps turns apart, so that there are no more than so many in a second. A turn after a pause comes at once. */
export class Pace {
  private nextMs = 0;

  /** @param now milliseconds on a clock that no one sets */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Fulfilled when it is time, or the signal aborted. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = this.now();
    const waitMs = this.nextMs - now;
    this.nextMs = Math.max(now, this.nextMs) + 1000 / this.perSecond;
    // A timer knows whole milliseconds only: shorter waits add up until they are one.
    if (waitMs >= 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
