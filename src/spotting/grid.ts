import { LONGEST_GAP_MS } from "./frame-rates.js";
import type { MotionSample } from "./motion-sample.js";

/** Spacing of the grid on which a learned spotter looks at a face, milliseconds. */
export const STEP_MS = 20;
/** Steps after which noise is half forgotten: 5 s. */
export const NOISE_STEPS = 250;

/** One step of the grid. */
export interface GridStep {
  readonly timeMs: number;
  /** Displacements, changes and the head of a motion sample, in this order, between the samples around. */
  readonly values: Float64Array;
  /** How noisy each region is: mean length of the second difference of its displacement, forgetting. */
  readonly noise: Float64Array;
  /** Steps since the face came, or came back; 0 for the first. */
  readonly index: number;
}

/**
 * Puts samples at uneven times on an even grid, linearly, so that cameras of 30 and of 200 frames a second look alike.
 * The twin of training/flinch_train/data/spotting/features.py.
 */
export class Grid {
  private last: { readonly timeMs: number; readonly values: Float64Array } | undefined;
  private nextMs = 0;
  private index = 0;
  private before: Float64Array[] = [];
  private noise: Float64Array;

  constructor(private readonly regionCount: number) {
    this.noise = new Float64Array(regionCount);
  }

  /** The steps that a sample completes; times must grow. */
  push(sample: MotionSample): GridStep[] {
    const values = Float64Array.of(...sample.displacement, ...sample.change, ...sample.head);
    const { timeMs } = sample;
    if (this.last === undefined || timeMs - this.last.timeMs > LONGEST_GAP_MS) this.begin(timeMs, values);
    const last = this.last ?? { timeMs, values };
    const steps: GridStep[] = [];
    while (this.nextMs <= timeMs) {
      const share = timeMs <= last.timeMs ? 1 : (this.nextMs - last.timeMs) / (timeMs - last.timeMs);
      const between = last.values.map((value, i) => value + share * ((values[i] as number) - value));
      this.noise = this.noisy(between);
      steps.push({ timeMs: this.nextMs, values: between, noise: this.noise, index: this.index++ });
      this.nextMs += STEP_MS;
    }
    this.last = { timeMs, values };
    return steps;
  }

  private begin(timeMs: number, values: Float64Array): void {
    this.last = { timeMs, values };
    this.nextMs = timeMs;
    this.index = 0;
    this.before = [];
    this.noise = new Float64Array(this.regionCount);
  }

  private noisy(now: Float64Array): Float64Array {
    const [first, second] = this.before;
    this.before = second === undefined ? [...this.before, now] : [second, now];
    if (first === undefined || second === undefined) return this.noise;
    const share = 1 / Math.min(this.index - 1, NOISE_STEPS);
    const bend = (i: number) => (now[i] as number) - 2 * (second[i] as number) + (first[i] as number);
    return this.noise.map((mean, r) => mean + share * (Math.hypot(bend(2 * r), bend(2 * r + 1)) - mean));
  }
}
