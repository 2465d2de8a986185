import type { AttentionMap, Context, ReportLevel, Statement, WithAttention } from "../contract/index.js";
import { FlinchError } from "../lib/errors.js";
import { likeliest } from "../lib/likeliest.js";
import type { Classification, ReportSettings } from "../recognition/index.js";
import { likeliestEmotion } from "../recognition/index.js";

/**
 * What may be said of a classification, and nothing else: whatever comes after has never seen the rest.
 * @throws FlinchError MODEL_HEAD where the classification lacks what is to be said
 */
export function disclose(classification: Classification, { report, attention }: ReportSettings): Statement {
  const none = rounded(classification.probabilities.none);
  const shown = (): WithAttention =>
    attention ? { attention: mapOf(present(classification.attention, "attention")) } : {};
  switch (report) {
    case "emotion": {
      const [label, confidence] = likeliestEmotion(classification.probabilities);
      return {
        report,
        label,
        confidence: rounded(confidence),
        none,
        probabilities: all(classification.probabilities),
        valence: all(classification.valence),
        ...(classification.actionUnits && { actionUnits: all(classification.actionUnits) }),
        ...shown(),
      };
    }
    case "valence": {
      const [label, confidence] = likeliest(classification.valence);
      return { report, label, confidence: rounded(confidence), none, valence: all(classification.valence), ...shown() };
    }
    case "action_units":
      return { report, none, actionUnits: all(present(classification.actionUnits, "action units")), ...shown() };
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

function mapOf({ shape, values }: NonNullable<Classification["attention"]>): AttentionMap {
  return { shape, values: Array.from(values, (share) => rounded(share, 3)) };
}
