/** How one face stood at one moment, against a baseline that only drifts. */
export interface MotionSample {
  readonly timeMs: number;
  /** x0, y0, x1, y1, … a region: its displacement with the head's motion removed, in thousandths of the eye distance. */
  readonly displacement: Float64Array;
  /** A region: root mean square of what neither the head's motion nor brightness explains (0 = unchanged). */
  readonly change: Float64Array;
  /** The head: translation x, y in thousandths of the eye distance, turn and growth in thousandths. */
  readonly head: Float64Array;
}
