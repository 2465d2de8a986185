export type { Outbox, PendingEvent } from "./outbox.js";
export { SqliteOutbox, type SqliteOutboxOptions } from "./sqlite-outbox.js";
