export { type DayReport, Ledger, type LedgerOptions } from "./ledger.js";
export { publishDay, publishSession, type Sender } from "./publish.js";
export type { Session, SessionEnd, SessionWish } from "./session.js";
export type { DailySummary, SessionReport, SessionSummary } from "./summary.js";
