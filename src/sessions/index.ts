export type { SessionWish } from "../contract/request.js";
export type { DailySummary, Session, SessionEnd, SessionReport, SessionSummary } from "../contract/summary.js";
export { publishDay, publishSession, type Sender } from "./publish.js";
export { type DayReport, SessionStore, type SessionStoreOptions } from "./session-store.js";
