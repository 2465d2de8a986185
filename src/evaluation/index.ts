export { evaluate } from "./evaluate.js";
export type { Interval, Match, Matching } from "./match.js";
export { matchIntervals } from "./match.js";
export { percentile } from "./percentile.js";
export { renderEvaluation } from "./table.js";
export type { Act, Truth } from "./truth.js";
export { isMicroExpression, readTruth } from "./truth.js";
export { valenceOfEmotion } from "./valence.js";
