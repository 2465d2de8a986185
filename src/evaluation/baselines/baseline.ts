import type { AlignedFace } from "../../stream/index.js";
import type { Interval } from "../match.js";

/** What a baseline takes for a micro-expression. */
export interface Movement extends Interval {
  readonly apexMs: number;
  /** The highest threshold that this movement still passes. */
  readonly score: number;
}

/** Follows one face through its stay. */
export interface BaselineSpotter {
  /** Takes the face's next crop, which must not change any more; one call at a time, times growing. */
  observe(observation: AlignedFace): Promise<void>;
  /**
   * All movements of what has been observed so far, by time. Costs little and changes nothing: an evaluation may ask
   * at every threshold, and choose one on other people.
   * @param threshold in the unit of the baseline's `thresholds`; the higher, the fewer.
   */
  spot(threshold: number): readonly Movement[];
}

/** A baseline whose graph is open, shared by all faces. */
export interface OpenBaseline {
  /** A spotter that has seen nothing yet, for one face of one video. */
  newSpotter(): BaselineSpotter;
  close(): Promise<void>;
}

/** A published spotter that Flinch is compared with. */
export interface Baseline {
  /** Thresholds from which an evaluation may choose, from the most to the least sensitive. */
  readonly thresholds: readonly number[];
  /** @throws FlinchError MODEL_MISSING or MODEL_UNUSABLE if its graph in `bench/` is damaged. */
  open(): Promise<OpenBaseline>;
}
