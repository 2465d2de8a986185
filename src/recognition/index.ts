export type { Classification } from "./classification.js";
export { evidenceOf } from "./evidence.js";
export type { ReportSettings } from "./heads.js";
export { contentsOf, requireHeads } from "./heads.js";
export type { HstaEntry } from "./hsta-entry.js";
export { hstaEntry } from "./hsta-entry.js";
export { likeliestEmotion } from "./labels.js";
export { leastEvidence } from "./operating-points.js";
export { Recogniser } from "./recogniser.js";
