export type { Detection, MicroExpressionEvent } from "./event.js";
export { type EventIdParts, eventId } from "./event-id.js";
export { FileOutbox, type FileOutboxOptions } from "./file-outbox.js";
export { type EventName, type OutboundEvent, topicNameOf } from "./outbound.js";
export type { Outbox, OutboxStats } from "./outbox.js";
export { disclose, type Statement } from "./statement.js";
