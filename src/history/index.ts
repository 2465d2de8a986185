export type { Decision, DeletionReason } from "../contract/index.js";
export { History, type HistoryOptions } from "./history.js";
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
