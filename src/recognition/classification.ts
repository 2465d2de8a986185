import type { AttentionShape, Probabilities, ValenceView } from "../contract/index.js";
/** What HSTA says of a clip, all of it calibrated. */
export interface Classification {
  /** In the model's order. */
  readonly probabilities: Probabilities;
  /** The model's own where it has a head for it, else summed over the emotions. */
  readonly valence: ValenceView;
  /** Probability of each action unit on its own ("AU1", "AU2", …); undefined where the model has no head for them. */
  readonly actionUnits: Readonly<Record<string, number>> | undefined;
  /**
   * How much the special stream's CLS token read each patch of the video stream, mean over heads and layers; sums
   * to 1. Step t covers the frames 2t and 2t + 1, rows run from the top of the crop, columns from its left.
   */
  readonly attention: { readonly shape: AttentionShape; readonly values: Float32Array } | undefined;
}
