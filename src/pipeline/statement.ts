import { FlinchError } from "../lib/errors.js";
import type { ReportSettings } from "../recognition/heads.js";
import { likeliest, likeliestEmotion } from "../recognition/labels.js";
import type { ReportLevel } from "../recognition/report-level.js";
import type { AttentionShape, Probabilities, Valence, ValenceView, Verdict } from "../recognition/verdict.js";
import type { Context } from "./context/index.js";

/** How much HSTA read each patch of the crop; rounded, so that the sum is only about 1. */
export interface AttentionMap {
  readonly shape: AttentionShape;
  /** Row by row, step by step. */
  readonly values: readonly number[];
}

interface Said<L extends ReportLevel> {
  /** How much this event may say. */
  readonly report: L;
  /** Calibrated probability that there was no micro-expression, 0…1. */
  readonly none: number;
}

interface Shown {
  /** Where HSTA looked, if the configuration asks for it. */
  readonly attention?: AttentionMap;
}

/** Probability of each action unit on its own, by "AU1", "AU2", …. */
type ActionUnits = Readonly<Record<string, number>>;

export interface EmotionStatement extends Said<"emotion">, Shown {
  /** The class of the highest probability, "none" left out (a verdict of "none" raises no event). */
  readonly label: string;
  /** Calibrated probability of `label`, 0…1. */
  readonly confidence: number;
  readonly probabilities: Probabilities;
  readonly valence: ValenceView;
  /** Missing where the model tells none. */
  readonly actionUnits?: ActionUnits;
}

export interface ValenceStatement extends Said<"valence">, Shown {
  /** The likeliest valence. */
  readonly label: Valence;
  /** Calibrated probability of `label` given that there was an expression that has a valence, 0…1. */
  readonly confidence: number;
  readonly valence: ValenceView;
}

export interface ActionUnitsStatement extends Said<"action_units">, Shown {
  readonly actionUnits: ActionUnits;
}

export type MotionStatement = Said<"motion">;

/** What an event says of an expression, by how much it may say. */
export type Statement = EmotionStatement | ValenceStatement | ActionUnitsStatement | MotionStatement;

/**
 * What may be said of a verdict, and nothing else: whatever comes after has never seen the rest.
 * @throws FlinchError MODEL_HEAD where the verdict lacks what is to be said
 */
export function disclose(verdict: Verdict, { report, attention }: ReportSettings): Statement {
  const none = rounded(verdict.probabilities.none);
  const shown = (): Shown => (attention ? { attention: mapOf(present(verdict.attention, "attention")) } : {});
  switch (report) {
    case "emotion": {
      const [label, confidence] = likeliestEmotion(verdict.probabilities);
      return {
        report,
        label,
        confidence: rounded(confidence),
        none,
        probabilities: all(verdict.probabilities),
        valence: all(verdict.valence),
        ...(verdict.actionUnits && { actionUnits: all(verdict.actionUnits) }),
        ...shown(),
      };
    }
    case "valence": {
      const [label, confidence] = likeliest(verdict.valence);
      return { report, label, confidence: rounded(confidence), none, valence: all(verdict.valence), ...shown() };
    }
    case "action_units":
      return { report, none, actionUnits: all(present(verdict.actionUnits, "action units")), ...shown() };
    case "motion":
      return { report, none };
  }
}

/** The context that an event may tell: where it may only say that the face moved, a smile is too much. */
export const contextTold = (context: readonly Context[], report: ReportLevel): Context[] =>
  context.filter((kind) => report !== "motion" || kind !== "smiling");

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new FlinchError("MODEL_HEAD", `the model tells no ${what}`);
  return value;
}

/** Four digits are beyond what the model knows and keep a run's output the same on every processor. */
function rounded(probability: number, digits = 4): number {
  return Number(probability.toFixed(digits));
}

function all<T extends Readonly<Record<string, number>>>(probabilities: T): T {
  return Object.fromEntries(Object.entries(probabilities).map(([name, p]) => [name, rounded(p)])) as T;
}

function mapOf({ shape, values }: NonNullable<Verdict["attention"]>): AttentionMap {
  return { shape, values: Array.from(values, (share) => rounded(share, 3)) };
}
