export type { Decision, DeletionReason } from "../contract/index.js";
export { type Agreement, agreementOf, type MarkDifference, type PairAgreement } from "./agreement.js";
export type { Estimate } from "./bootstrap.js";
export { History, type HistoryOptions } from "./history.js";
export { HistoryRecorder, type HistoryRecorderOptions } from "./history-recorder.js";
export { publishChanges, publishDeletions, publishReviews } from "./publish.js";
export { cohenKappa, krippendorffAlpha, type Rating } from "./reliability.js";
export type {
  CoverageSpan,
  DeletionRecord,
  Excerpt,
  Expired,
  HistoryStats,
  KeptMovement,
  Label,
  LabelWish,
  MovementQuery,
  SessionRecord,
  UnsentDeletion,
} from "./types.js";
