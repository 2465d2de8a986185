/** Gives times in microseconds that never repeat and never go back, so that they also say what came first. */
export class Stamps {
  private lastUs = 0;

  /** Now, as ISO 8601 with microseconds. */
  next(nowMs = Date.now()): string {
    this.lastUs = Math.max(nowMs * 1000, this.lastUs + 1);
    const ms = Math.floor(this.lastUs / 1000);
    return new Date(ms).toISOString().replace("Z", `${String(this.lastUs % 1000).padStart(3, "0")}Z`);
  }
}
