/** Crops nearer to the last one than this are skipped: the windows are tenths of seconds, so 50 Hz loses nothing. */
export const EVERY_MS = 20;
/** A camera's clock wavers. */
const JITTER_MS = 2;
/** A neighbour may lie so far from where it is wanted, which is half a frame of a slow camera; else it is missing. */
const REACH_MS = 50;

/** What was kept at a moment, and half a span before (head) and after it (tail). */
export interface Neighbours<T> {
  readonly timeMs: number;
  readonly head: T;
  readonly current: T;
  readonly tail: T;
}

interface Kept<T> {
  readonly timeMs: number;
  readonly value: T;
}

/** Keeps the last span of one face, and pairs every moment with its neighbours once the later one has come. */
export class HalfSpans<T> {
  private kept: Kept<T>[] = [];
  /** Index of the first moment that still waits for its tail. */
  private waiting = 0;

  constructor(private readonly halfMs: number) {}

  /** Whether a crop of this time is to be taken, or lies too near to the last one. */
  isDue(timeMs: number): boolean {
    const last = this.kept.at(-1);
    return last === undefined || timeMs - last.timeMs >= EVERY_MS - JITTER_MS;
  }

  /** @returns the moments whose tail this is; a moment without head or tail is left out. */
  push(timeMs: number, value: T): Neighbours<T>[] {
    this.kept.push({ timeMs, value });
    const complete: Neighbours<T>[] = [];
    for (let middle = this.kept[this.waiting]; middle !== undefined; middle = this.kept[++this.waiting]) {
      if (middle.timeMs + this.halfMs > timeMs) break;
      const head = this.near(middle.timeMs - this.halfMs);
      const tail = this.near(middle.timeMs + this.halfMs);
      if (head === undefined || tail === undefined) continue;
      complete.push({ timeMs: middle.timeMs, head: head.value, current: middle.value, tail: tail.value });
    }
    const gone = this.kept.findIndex((k) => k.timeMs >= timeMs - 2 * this.halfMs - 2 * REACH_MS);
    this.kept.splice(0, gone);
    this.waiting -= gone;
    return complete;
  }

  private near(timeMs: number): Kept<T> | undefined {
    const away = (k: Kept<T>) => Math.abs(k.timeMs - timeMs);
    const nearest = this.kept.reduce((best, k) => (away(k) < away(best) ? k : best));
    return away(nearest) <= REACH_MS ? nearest : undefined;
  }
}
