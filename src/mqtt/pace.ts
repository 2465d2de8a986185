import { setTimeout as sleep } from "node:timers/promises";

/** Time, as a test may hand in its own. */
export interface Clock {
  /** Milliseconds; no one sets it. */
  now(): number;
  /** Fulfilled after that time, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const machineClock: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

/** Keeps turns apart, so that there are no more than so many in a second. A turn after a pause comes at once. */
export class Pace {
  private nextMs = Number.NEGATIVE_INFINITY;

  /** @param perSecond may be set anew at any time; the turn that is due next stays when it was */
  constructor(
    public perSecond: number,
    private readonly clock: Clock = machineClock,
  ) {}

  /** Fulfilled when it is time, or the signal aborted. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const waitMs = this.nextMs - now;
    this.nextMs = Math.max(now, this.nextMs) + 1000 / this.perSecond;
    // A timer knows whole milliseconds only: shorter waits add up until they are one.
    if (waitMs >= 1) await this.clock.wait(waitMs, signal);
  }
}
