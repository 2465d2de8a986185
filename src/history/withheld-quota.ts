const HOUR_MS = 3_600_000;

interface Admitted {
  readonly id: string;
  readonly score: number;
  readonly uptimeMs: number;
}

/**
 * Lets so many movements an hour in that raised no event, those of the highest score: a face that chews or speaks gives
 * thousands. The hour is the last one, on a clock that no one sets.
 */
export class WithheldQuota {
  private admitted: Admitted[] = [];
  /** Movements that were turned away, or gave way to one of a higher score. */
  leftOut = 0;

  constructor(
    private readonly perHour: number,
    private readonly uptime: () => number = () => performance.now(),
  ) {}

  /**
   * Asks for one more.
   * @returns whether it may in, and the id of the one that has to go for it, if any
   */
  admit(id: string, score: number): { readonly admitted: boolean; readonly instead?: string } {
    const uptimeMs = this.uptime();
    this.admitted = this.admitted.filter((other) => uptimeMs - other.uptimeMs < HOUR_MS);
    if (this.admitted.length < this.perHour) {
      this.admitted.push({ id, score, uptimeMs });
      return { admitted: true };
    }
    this.leftOut += 1;
    const least = this.admitted.reduce((a, b) => (b.score < a.score ? b : a));
    if (score <= least.score) return { admitted: false };
    this.admitted.splice(this.admitted.indexOf(least), 1, { id, score, uptimeMs });
    return { admitted: true, instead: least.id };
  }
}
