import type { DailySummary, SessionSummary } from "../session/summary.js";
import type { MicroExpressionEvent } from "./event.js";

/** Whatever goes through the outbox: each has an id, and a sequence number that all of them share. */
export type OutboundEvent = MicroExpressionEvent | SessionSummary | DailySummary;

/** What a kind of event is called in its topic. */
export type EventName = "micro_expression" | "session_summary" | "daily_summary";

const names: Readonly<Record<OutboundEvent["schema"], EventName>> = {
  "flinch/micro_expression/1": "micro_expression",
  "flinch/session_summary/1": "session_summary",
  "flinch/daily_summary/1": "daily_summary",
};

/** The topic of an event below `<prefix>/<device>/`. */
export function topicNameOf({ schema }: Pick<OutboundEvent, "schema">): `event/${EventName}` {
  // An outbox of old may hold what had no other name yet.
  return `event/${names[schema] ?? "micro_expression"}`;
}
