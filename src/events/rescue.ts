import { columns, type StoredEvent, storedEventOf } from "./event-row.js";
import { Sql } from "./sql.js";
import { eventIn } from "./stored-body.js";

/**
 * The events that can still be read from a damaged database: from the first on until a page that cannot be read, then
 * from the last back. Never throws.
 */
export function* rescue(path: string): Generator<StoredEvent> {
  let sql: Sql | undefined;
  try {
    sql = new Sql(path, { waitMs: 0, lenient: true });
    sql.run("PRAGMA locking_mode = EXCLUSIVE");
    const upTo = yield* walk(sql, 0, (last) => `sequence > ${last} ORDER BY sequence`);
    yield* walk(
      sql,
      Number.MAX_SAFE_INTEGER,
      (last) => `sequence > ${upTo} AND sequence < ${last} ORDER BY sequence DESC`,
    );
  } catch {
    // Not even a database.
  } finally {
    sql?.close();
  }
}

/** Yields events one by one until there is no next one or it cannot be read; returns the number of the last. */
function* walk(sql: Sql, start: number, next: (last: number) => string): Generator<StoredEvent, number> {
  const seen = new Set([start]);
  let last = start;
  for (;;) {
    let event: StoredEvent | undefined;
    try {
      event = storedEventOf(sql.run(`SELECT give(${columns}) FROM event WHERE ${next(last)} LIMIT 1`)[0]);
    } catch {
      return last;
    }
    // Pages that contradict each other can lead round in a circle.
    if (event === undefined || seen.has(event.sequence)) return last;
    last = event.sequence;
    seen.add(last);
    if (isSound(event)) yield event;
  }
}

/** What comes from a damaged page may be anything. */
function isSound({ sequence, storedAtMs, uptimeMs, body }: StoredEvent): boolean {
  const timesAreTimes = Number.isSafeInteger(storedAtMs) && Number.isFinite(uptimeMs);
  return timesAreTimes && typeof body === "string" && eventIn(body, sequence) !== undefined;
}
