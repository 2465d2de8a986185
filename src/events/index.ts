export type { Detection, MicroExpressionEvent, ValenceView } from "./event.js";
export { type EventIdParts, eventId } from "./event-id.js";
export { FileOutbox, type FileOutboxOptions } from "./file-outbox.js";
export type { Outbox, OutboxStats } from "./outbox.js";
