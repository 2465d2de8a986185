import type { Value } from "../lib/sql.js";

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

/** An event as the database gave it back. */
export interface ReadEvent extends StoredEvent {
  /** CRC-32 of when it was stored; null where the database has none for it. */
  readonly crc32: number | null;
}

/** The columns of the table `event`, in the order in which `readEventOf` takes them; the checksum follows. */
export const columns = "sequence, stored_at_ms, uptime_ms, body";

/** The event of a row; undefined where there is none. */
export function readEventOf(row: readonly Value[] | undefined): ReadEvent | undefined {
  if (row === undefined) return undefined;
  // The tables are STRICT: SQLite vouches for the types.
  const [sequence, storedAtMs, uptimeMs, body, crc32] = row as [number, number, number, string, number | null];
  return { sequence, storedAtMs, uptimeMs, body, crc32 };
}
