import type { Value } from "./sql.js";

/** An event as the database holds it. */
export interface StoredEvent {
  readonly sequence: number;
  /** Wall clock when the event came, milliseconds since the Unix epoch. */
  readonly storedAtMs: number;
  /** The same on the clock of the process that stored it, which no one sets; means nothing to a later process. */
  readonly uptimeMs: number;
  /** The event as JSON. */
  readonly body: string;
}

/** The columns of the table `event`, in the order in which `storedEventOf` takes them. */
export const columns = "sequence, stored_at_ms, uptime_ms, body";

/** The event of a row; undefined where there is none. */
export function storedEventOf(row: readonly Value[] | undefined): StoredEvent | undefined {
  if (row === undefined) return undefined;
  // The table is STRICT: SQLite vouches for the types.
  const [sequence, storedAtMs, uptimeMs, body] = row as [number, number, number, string];
  return { sequence, storedAtMs, uptimeMs, body };
}
