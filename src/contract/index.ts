export type { Availability } from "./availability.js";
export type { BoardReading, Clock, Memory, Power, Throttling } from "./board.js";
export type { RemoteReport, ReportedConfig, ReportedDocument } from "./config-reported.js";
export type { ConsoleAddress, ConsoleBody } from "./console.js";
export { consoleAddresses, consoleBodies } from "./console.js";
export type { Deletion, DeletionReason } from "./deletion.js";
export type { Context, Detection, MicroExpressionEvent } from "./event.js";
export { contexts } from "./event.js";
export type { ClipContent, ClipDeletion, ClipFailure, EvidenceMessage } from "./evidence.js";
export { clipContents } from "./evidence.js";
export type { Entity, HomeAssistantDevice } from "./home-assistant.js";
export type { Content, Info } from "./info.js";
export type { Load, LoadStep } from "./load.js";
export { loadSteps } from "./load.js";
export type { OutboundEvent } from "./outbound.js";
export { topicNameOf } from "./outbound.js";
export { type PayloadName, payloads } from "./payloads.js";
export type { RequestName, RequestParameters, SessionWish } from "./request.js";
export { MAX_BYTES, MAX_TRANSACTION, request } from "./request.js";
export type { Response } from "./response.js";
export type { Decision, Review } from "./review.js";
export { decisions } from "./review.js";
export type { Sensitivity } from "./sensitivity.js";
export { sensitivities } from "./sensitivity.js";
export type {
  CaptureStats,
  ClipCounts,
  FaceCounts,
  GapReason,
  LinkStatus,
  OutboxStats,
  Pause,
  State,
  TakeoverCount,
} from "./state.js";
export { engineStatuses, gapReasons, pauses, sourceStatuses } from "./state.js";
export type {
  AttentionMap,
  AttentionShape,
  Probabilities,
  ReportLevel,
  Statement,
  Valence,
  ValenceView,
  WithAttention,
} from "./statement.js";
export { reportLevels, valences } from "./statement.js";
export type { Counts, DailySummary, Session, SessionEnd, SessionReport, SessionSummary } from "./summary.js";
export type { DeviceTopic, RetainedDeviceTopic } from "./topics.js";
export { expiriesS, payloadNameOf, payloadSchemas } from "./topics.js";
