export type { Detection, MicroExpressionEvent } from "../contract/event.js";
export type { EventName, OutboundEvent } from "../contract/outbound.js";
export { topicNameOf } from "../contract/outbound.js";
export type { OutboxStats } from "../contract/state.js";
export type { Statement } from "../contract/statement.js";
export { type EventIdParts, eventId } from "../pipeline/event-id.js";
export { disclose } from "../pipeline/statement.js";
export type { Outbox } from "./outbox.js";
export { SqliteOutbox, type SqliteOutboxOptions } from "./sqlite-outbox.js";
