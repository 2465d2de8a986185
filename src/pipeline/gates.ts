import {
  type Classification,
  evidenceOf,
  type HstaEntry,
  leastEvidence,
  likeliestEmotion,
} from "../recognition/index.js";
import type { Candidate } from "../spotting/index.js";
import type { NoEvent } from "./outcome.js";
import type { LiveSettings } from "./settings.js";

/** Evidence of spotter and HSTA together, log odds; undefined where the spotter gives no probability. */
export function evidenceFor(
  { probability }: Candidate,
  { probabilities }: Classification,
  { evidence }: Pick<HstaEntry, "evidence">,
): number | undefined {
  return probability === undefined ? undefined : evidenceOf(probability, probabilities.none, evidence);
}

/**
 * Why a classified candidate raises no event; undefined where it raises one. The whole classification is looked at, so
 * that the same movements raise events however little these may say.
 */
export function objectionTo(
  { probabilities }: Classification,
  evidence: number | undefined,
  { operatingPoints }: Pick<HstaEntry, "operatingPoints">,
  settings: LiveSettings,
): NoEvent | undefined {
  const { maxNone, minConfidence } = settings.recognition;
  if (probabilities.none > maxNone) return "none";
  if (evidence !== undefined && evidence < leastEvidence(operatingPoints, settings)) return "little_evidence";
  return likeliestEmotion(probabilities)[1] < minConfidence ? "low_confidence" : undefined;
}
