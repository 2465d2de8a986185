export interface RetrySchedule {
  /** The first wait, in milliseconds. */
  readonly minMs: number;
  /** No wait is longer than this, jitter included. */
  readonly maxMs: number;
  /** How much longer each wait is than the last; 2 unless told. */
  readonly factor?: number;
  /** The share of a wait that chance may take off: 0 none, 1 all; 0.25 unless told. */
  readonly jitter?: number;
  /** Gives numbers from 0 to below 1; Math.random unless told. */
  readonly random?: () => number;
}

/** The waits before each further attempt, in milliseconds, without end. Jitter keeps many devices from calling at once. */
export function* retryDelays(schedule: RetrySchedule): Generator<number, never, undefined> {
  const { minMs, maxMs, factor = 2, jitter = 0.25, random = Math.random } = schedule;
  let wait = Math.min(minMs, maxMs);
  for (;;) {
    yield wait * (1 - jitter * random());
    wait = Math.min(wait * factor, maxMs);
  }
}
