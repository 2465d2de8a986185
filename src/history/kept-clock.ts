/** A clock before this was never set: a board without a battery wakes in 1970. */
const SET_FROM_MS = Date.UTC(2024, 0, 1);
/** A difference that no drift explains: somebody has set the clock. */
const JUMP_MS = 24 * 3600 * 1000;

/** A jump of the wall clock, and which times were given by it before. All in milliseconds. */
export interface Jump {
  readonly fromMs: number;
  readonly toMs: number;
  readonly byMs: number;
}

/**
 * Tells when something was stored, and how long ago that is, whatever the wall clock does: it goes on from the start of
 * the process at the pace of a clock that no one sets, and takes over the wall clock where that has jumped.
 */
export class KeptClock {
  private wallMs: number;
  private uptimeMs: number;

  /**
   * @param now wall clock, milliseconds since the Unix epoch
   * @param uptime milliseconds on a clock that no one sets
   */
  constructor(
    private readonly now: () => number,
    private readonly uptime: () => number,
  ) {
    this.wallMs = now();
    this.uptimeMs = uptime();
  }

  /** Milliseconds since the Unix epoch, as this clock has it. */
  get nowMs(): number {
    return Math.round(this.wallMs + this.uptime() - this.uptimeMs);
  }

  /** False on a board whose clock nobody has set yet. */
  get isSet(): boolean {
    return this.nowMs >= SET_FROM_MS;
  }

  /** Times outside of these are of a clock that was wrong. */
  get bounds(): { readonly fromMs: number; readonly toMs: number } {
    return { fromMs: SET_FROM_MS, toMs: this.nowMs + JUMP_MS };
  }

  /** Takes over the wall clock where it has jumped; the times that it gave before are to be moved by as much. */
  follow(): Jump | undefined {
    const jump = { fromMs: Math.round(this.wallMs), toMs: this.nowMs, byMs: Math.round(this.now() - this.nowMs) };
    if (Math.abs(jump.byMs) < JUMP_MS) return undefined;
    this.wallMs = this.now();
    this.uptimeMs = this.uptime();
    return jump;
  }
}
