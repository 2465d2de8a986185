import { type Outbox, SqliteOutbox, type SqliteOutboxOptions } from "../../src/outbox/index.js";
import { Logs } from "./logs.js";

/** An outbox for tests: roomy, and silent. */
export function openOutbox(directory: string, changes: Partial<SqliteOutboxOptions> = {}): Promise<SqliteOutbox> {
  return SqliteOutbox.open({ directory, maxEvents: 100_000, maxBytes: 100_000_000, logger: new Logs(), ...changes });
}

/** The sequence numbers that wait. */
export async function sequencesOf(outbox: Outbox, after?: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { event } of outbox.pending(after)) found.push(event.sequence);
  return found;
}
