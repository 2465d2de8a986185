/** A peak that nothing has topped for so long is the peak. */
export const HOLD_MS = 80;

/** What the network says at a step: that an expression has just ended, and how long ago its marks were. */
export interface StepSaying {
  readonly timeMs: number;
  /** 0…1. */
  readonly probability: number;
  /** Milliseconds since onset, apex and offset. */
  readonly ages: readonly [onset: number, apex: number, offset: number];
}

export interface Settled {
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
  readonly probability: number;
}

/** Probabilities at every step to expressions, each once. Twin of training/flinch_train/data/spotting/decode.py. */
export class Settling {
  private peak: StepSaying | undefined;
  private toldUntilMs = -Infinity;

  /** @param threshold least probability, 0…1; asked at every step. */
  constructor(private readonly threshold: () => number) {}

  /** Takes the next step; gives what has settled, if anything. */
  push(step: StepSaying): Settled | undefined {
    const { timeMs, probability } = step;
    // What peaked before the last expression's end is that expression, told already.
    const fresh = probability >= this.threshold() && timeMs - step.ages[1] > this.toldUntilMs;
    if (fresh && (this.peak === undefined || probability > this.peak.probability)) {
      this.peak = step;
      return undefined;
    }
    if (this.peak === undefined) return undefined;
    const over = timeMs - this.peak.timeMs >= HOLD_MS || probability < 0.5 * this.peak.probability;
    return over ? this.end() : undefined;
  }

  /** Settles what still waits. */
  end(): Settled | undefined {
    if (this.peak === undefined) return undefined;
    const { timeMs, probability, ages } = this.peak;
    this.peak = undefined;
    const [onsetMs, apexMs, offsetMs] = ages.map((age) => timeMs - age) as [number, number, number];
    this.toldUntilMs = offsetMs;
    return { onsetMs, apexMs, offsetMs, probability };
  }
}
