/** No witness alone counts for more than a thousand to one, however sure of itself. */
const LIMIT = 0.001;

const logOdds = (probability: number): number => {
  const limited = Math.min(1 - LIMIT, Math.max(LIMIT, probability));
  return Math.log(limited / (1 - limited));
};

/**
 * How much speaks for a micro-expression: the log odds of the spotter, which saw how the face moved over time, and
 * those of HSTA, which saw how it looked, added up as of two witnesses who did not confer. At most 13.8.
 * @param spotted probability of the learned spotter, 0…1.
 * @param none HSTA's probability that there was no micro-expression, 0…1.
 */
export const evidenceOf = (spotted: number, none: number): number => logOdds(spotted) + logOdds(1 - none);
