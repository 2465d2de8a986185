/** Counts work that goes through a stage, so that a watchdog can tell a stage that is busy from one that hangs. */
export class WorkCount {
  private begun = 0;
  private ended = 0;

  /** Pieces of work that are over, well or not. */
  get done(): number {
    return this.ended;
  }

  /** Pieces of work that wait or are under way. */
  get inHand(): number {
    return this.begun - this.ended;
  }

  begin(): void {
    this.begun++;
  }

  end(): void {
    this.ended++;
  }
}
