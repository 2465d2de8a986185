export type { Detection, MicroExpressionEvent } from "./event.js";
export { type EventIdParts, eventId } from "./event-id.js";
export { type EventName, type OutboundEvent, topicNameOf } from "./outbound.js";
export type { Outbox, OutboxStats } from "./outbox.js";
export { SqliteOutbox, type SqliteOutboxOptions } from "./sqlite-outbox.js";
export { disclose, type Statement } from "./statement.js";
