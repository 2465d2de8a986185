/** No witness alone counts for more than a thousand to one, however sure of itself. */
const LIMIT = 0.001;

/** How much the log odds of each witness count, and what is added; fitted on people whom neither has learned from. */
export interface EvidenceWeights {
  readonly spotter: number;
  readonly hsta: number;
  readonly bias: number;
}

const logOdds = (probability: number): number => {
  const limited = Math.min(1 - LIMIT, Math.max(LIMIT, probability));
  return Math.log(limited / (1 - limited));
};

/**
 * How much speaks for a micro-expression, in log odds: the word of the spotter, which saw how the face moved over time,
 * and that of HSTA, which saw how it looked, each by its weight.
 * @param spotted probability of the learned spotter, 0…1.
 * @param none HSTA's probability that there was no micro-expression, 0…1.
 */
export const evidenceOf = (spotted: number, none: number, weights: EvidenceWeights): number =>
  weights.spotter * logOdds(spotted) + weights.hsta * logOdds(1 - none) + weights.bias;
