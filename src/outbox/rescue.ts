import { type Leaf, salvage } from "../lib/salvage.js";
import type { ReadEvent, StoredEvent } from "./event-row.js";
import { eventOf } from "./stored-body.js";

/** The events that are left in a damaged database. Never throws; needs as much room again as the database. */
export function rescue(path: string): Generator<StoredEvent> {
  return salvage(path, ["id", "a", "b", "c"], function* (leaves) {
    const checksums = checksumsIn(leaves);
    for (const leaf of leaves) yield* eventsIn(leaf, checksums);
  });
}

/** Rows of all tables have the same shape here; those whose number is the row's own have no first value. */
function checksumsIn(leaves: readonly Leaf[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const leaf of leaves) {
    const rows = leaf.rows("rowid, a", "id IS NULL AND typeof(a) = 'integer' AND b IS NULL");
    for (const [sequence, crc32] of rows as [number, number][]) found.set(sequence, crc32);
  }
  return found;
}

function eventsIn(leaf: Leaf, checksums: ReadonlyMap<number, number>): ReadEvent[] {
  const events = `id IS NULL AND typeof(a) = 'integer' AND typeof(b) IN ('real', 'integer') AND typeof(c) = 'text'`;
  return (leaf.rows("rowid, a, b, c", events) as [number, number, number, string][])
    .map(([sequence, storedAtMs, uptimeMs, body]) => {
      return { sequence, storedAtMs, uptimeMs, body, crc32: checksums.get(sequence) ?? null };
    })
    .filter((event) => eventOf(event) !== undefined);
}
