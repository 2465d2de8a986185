export type { Detection, MicroExpressionEvent } from "../contract/event.js";
export { type EventIdParts, eventId } from "../pipeline/event-id.js";
export { disclose, type Statement } from "../pipeline/statement.js";
export { type EventName, type OutboundEvent, topicNameOf } from "./outbound.js";
export type { Outbox, OutboxStats } from "./outbox.js";
export { SqliteOutbox, type SqliteOutboxOptions } from "./sqlite-outbox.js";
