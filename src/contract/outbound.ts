import type { Deletion } from "./deletion.js";
import type { MicroExpressionEvent } from "./event.js";
import type { EvidenceMessage } from "./evidence.js";
import type { Review } from "./review.js";
import type { DailySummary, SessionSummary } from "./summary.js";

/** Whatever goes through the outbox: each has an id, and a sequence number that all of them share. */
export type OutboundEvent = MicroExpressionEvent | SessionSummary | DailySummary | Review | Deletion | EvidenceMessage;

/** What the kinds of events are called in their topics. */
export type EventName = OutboundEvent["schema"] extends `flinch/${infer Name}/${number}` ? Name : never;

/** The topic of an event below `<prefix>/<device>/`: its schema, `flinch/<name>/<version>`, names it. */
export function topicNameOf({ schema }: Pick<OutboundEvent, "schema">): `event/${EventName}` {
  return `event/${schema.split("/")[1] as EventName}`;
}
