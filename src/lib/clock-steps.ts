export interface ClockStepsOptions {
  /** Told by how many milliseconds the wall clock was set, forwards or (negative) backwards. */
  readonly onStep: (ms: number) => void;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
  /** Smaller differences are what keeping a clock right looks like, and no step. */
  readonly leastMs?: number;
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  /** Milliseconds since the Unix epoch. */
  readonly wallNow?: () => number;
}

/** Notices that somebody set the wall clock: it and the monotonic clock drift apart. */
export class ClockSteps {
  private readonly timer: NodeJS.Timeout;
  private apartMs: number;

  constructor(private readonly options: ClockStepsOptions) {
    this.apartMs = this.apart();
    this.timer = setInterval(() => this.look(), options.everyMs ?? 5000).unref();
  }

  /** Looks now, beside the looks that the timer takes. */
  look(): void {
    const apartMs = this.apart();
    const byMs = apartMs - this.apartMs;
    this.apartMs = apartMs;
    if (Math.abs(byMs) > (this.options.leastMs ?? 1000)) this.options.onStep(byMs);
  }

  /** May be called twice. */
  stop(): void {
    clearInterval(this.timer);
  }

  private apart(): number {
    const { now = () => performance.now(), wallNow = () => Date.now() } = this.options;
    return wallNow() - now();
  }
}
