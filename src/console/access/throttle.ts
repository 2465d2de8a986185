interface Failures {
  readonly count: number;
  readonly untilMs: number;
}

const FREE = 3;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
const FORGET_AFTER_MS = 15 * 60_000;
/** Names and addresses that are remembered; whoever makes up more pushes out the oldest, and is slowed by rate limits. */
const MOST = 10_000;

/** Slows down whoever guesses passwords: after three wrong ones each further attempt waits twice as long as the last. */
export class Throttle {
  private readonly failures = new Map<string, Failures>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Milliseconds until this one may try again; 0 for now. */
  waitMs(who: string): number {
    return Math.max(0, (this.failures.get(who)?.untilMs ?? 0) - this.now());
  }

  /** Counts an attempt before it is known how it ends: attempts side by side are slowed down, too. */
  begin(who: string): void {
    const before = this.failures.get(who);
    const now = this.now();
    const forgotten = before === undefined || now - before.untilMs > FORGET_AFTER_MS;
    this.set(who, forgotten ? 1 : before.count + 1, now);
    for (const oldest of this.failures.keys()) {
      if (this.failures.size <= MOST) break;
      this.failures.delete(oldest);
    }
  }

  /** The attempt has failed: the wait begins now, however long it took to find out. */
  failed(who: string): void {
    const { count = 1 } = this.failures.get(who) ?? {};
    this.set(who, count, this.now());
  }

  succeeded(who: string): void {
    this.failures.delete(who);
  }

  private set(who: string, count: number, now: number): void {
    const wait = count < FREE ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - FREE));
    // Anew, so that it counts as the youngest.
    this.failures.delete(who);
    this.failures.set(who, { count, untilMs: now + wait });
  }
}
