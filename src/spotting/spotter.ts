import type { MotionSample } from "./motion-sample.js";

/** A stretch of time in which a face moved as a micro-expression moves. Times are of the stream, in milliseconds. */
export interface Candidate {
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
  /** What it was raised by: the learned spotter's probability (0…1), or times this person's own noise. */
  readonly score: number;
  /** What a spotter that knows it gives for its being a micro-expression, 0…1. */
  readonly probability?: number;
  /**
   * Regions that moved, strongest first, with their displacement at the apex in thousandths of the eye distance; none
   * where the movement is too faint to say.
   */
  readonly regions: readonly { readonly name: string; readonly displacement: number }[];
  /** Why it was raised, in words for a person. */
  readonly reason: string;
}

/** Why a movement above the threshold is no candidate. */
export type Suppression =
  | "blink"
  | "gaze"
  | "head_motion"
  | "speech"
  | "too_strong"
  | "not_returning"
  | "too_short"
  | "too_long";

export type Spotted =
  | { readonly kind: "candidate"; readonly candidate: Candidate }
  | {
      readonly kind: "suppressed";
      readonly reason: Suppression;
      readonly apexMs: number;
      readonly score: number;
      /** What a candidate would have held; missing where the movement has no shape. */
      readonly movement?: Omit<Candidate, "reason">;
    };

/** The motion signal of one face at a moment. */
export interface MotionSignal {
  readonly timeMs: number;
  /** What is held against the threshold, dimensionless. */
  readonly score: number;
  /** Name of the group of regions that stands out most. */
  readonly group: string;
}

/** The configuration's section `spotting`. A spotter asks for it whenever it judges: all but `method` may change. */
export interface SpottingSettings {
  readonly method: "learned" | "motion";
  /** Least probability of a candidate of the learned spotter, 0…1. */
  readonly minProbability: number;
  /** Least score of a candidate of the other one, times the noise. */
  readonly threshold: number;
  /** Shortest and longest micro-expression. */
  readonly minMs: number;
  readonly maxMs: number;
  /** After a candidate's apex no other is raised for this long. */
  readonly refractoryMs: number;
  readonly blinkGate: boolean;
  readonly headMotionGate: boolean;
}

/** From what score on a movement is a candidate of the spotter in use. */
export const leastScore = ({ method, minProbability, threshold }: SpottingSettings): number =>
  method === "learned" ? minProbability : threshold;

/** Finds candidates in the motion of one face, as it comes. */
export interface Spotter {
  /** Takes the next sample (times must grow) and returns what it settles. */
  push(sample: MotionSample): Spotted[] | Promise<Spotted[]>;
  /** It has seen the face for long enough to notice a movement that ends now. */
  readonly ready: boolean;
  /** Settles what still waits, with what has been seen; for the end of a stream or of a face's stay. */
  end(): Spotted[] | Promise<Spotted[]>;
}
