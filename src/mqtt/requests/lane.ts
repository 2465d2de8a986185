import { FlinchError } from "../../lib/errors.js";

export interface LaneOptions {
  /** For messages. */
  readonly name: string;
  /** Milliseconds from entering to the outcome. */
  readonly timeoutMs: number;
  /** Most that wait behind the one at work. */
  readonly maxWaiting: number;
  /** Told how work ended that nobody waited for any more. */
  readonly onLate: (failure: unknown) => void;
}

interface Entry {
  readonly start: () => Promise<void>;
  readonly refuse: (why: FlinchError) => void;
}

/** One piece of work at a time, in the order of arrival; each with a deadline that counts from there. */
export class Lane {
  private readonly waiting = new Set<Entry>();
  private atWork: Entry | undefined;

  constructor(private readonly options: LaneOptions) {}

  /**
   * Does the work when its turn comes. What does not get its turn in time is never begun.
   * @param work gets a signal that aborts when its time is over
   * @throws FlinchError BUSY, TIMEOUT or STOPPING, or what the work throws
   */
  enter<T>(work: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
    const { name, timeoutMs, maxWaiting } = this.options;
    if (this.atWork !== undefined && this.waiting.size >= maxWaiting) {
      const many = `${name}: one is at work and ${this.waiting.size} wait; ask again later`;
      return Promise.reject(new FlinchError("BUSY", many));
    }
    return new Promise<T>((resolve, reject) => {
      const over = new AbortController();
      const refuse = (why: FlinchError) => {
        clearTimeout(timer);
        this.waiting.delete(entry);
        over.abort(why);
        reject(why);
      };
      const timer = setTimeout(() => {
        refuse(new FlinchError("TIMEOUT", `${name}: no outcome within ${timeoutMs / 1000} s`));
      }, timeoutMs).unref();
      const start = async () => {
        try {
          const outcome = await work(over.signal);
          if (over.signal.aborted) this.options.onLate(undefined);
          resolve(outcome);
        } catch (thrown) {
          if (over.signal.aborted) this.options.onLate(thrown);
          reject(thrown);
        } finally {
          clearTimeout(timer);
        }
      };
      const entry: Entry = { start, refuse };
      this.waiting.add(entry);
      this.next();
    });
  }

  /** Refuses whatever has no outcome yet; what is at work goes on, and nobody waits for it. */
  stop(): void {
    const why = new FlinchError("STOPPING", `${this.options.name}: the device stops`);
    for (const entry of [...this.waiting, ...(this.atWork ? [this.atWork] : [])]) entry.refuse(why);
  }

  private next(): void {
    const [entry] = this.waiting;
    if (this.atWork !== undefined || entry === undefined) return;
    this.waiting.delete(entry);
    this.atWork = entry;
    void entry.start().then(() => {
      this.atWork = undefined;
      this.next();
    });
  }
}
