import { randomUUID } from "node:crypto";
import { literal, type Sql } from "../lib/sql.js";
import { deleteMovements, deleteSessionRows, insertDeletion } from "./deletions.js";
import { inOrder } from "./in-order.js";
import type { Jump, KeptClock } from "./kept-clock.js";
import type { DeletionRecord, Expired } from "./types.js";

/** Tables whose rows know when they were stored. */
const TIMED = ["session", "movement", "coverage"] as const;

/** Moves the times that a process has given by as much as its clock has jumped. Call it in a transaction. */
export function moveTimes(sql: Sql, { fromMs, toMs, byMs }: Jump): void {
  const given = `stored_ms BETWEEN ${literal(fromMs)} AND ${literal(toMs)}`;
  for (const table of TIMED) sql.run(`UPDATE ${table} SET stored_ms = stored_ms + ${literal(byMs)} WHERE ${given}`);
}

/** What was stored by a clock that was wrong has no known age: it counts from now. */
function mendTimes(sql: Sql, { nowMs, bounds }: KeptClock): void {
  const wrong = `stored_ms < ${literal(bounds.fromMs)} OR stored_ms > ${literal(bounds.toMs)}`;
  for (const table of TIMED) sql.run(`UPDATE ${table} SET stored_ms = ${literal(nowMs)} WHERE ${wrong}`);
}

/** Deletes what has been kept for longer than this, and remembers each deletion. Call it in a transaction. */
export function expireRows(sql: Sql, clock: KeptClock, ageMs: number): Expired {
  mendTimes(sql, clock);
  const at = new Date(clock.nowMs).toISOString();
  const tooOld = `stored_ms < ${literal(clock.nowMs - ageMs)}`;
  const sum = { sessions: 0, movements: 0, events: 0, labels: 0, clips: 0 };
  const tell = (session: string | null, counts: Pick<DeletionRecord, "movements" | "events" | "labels" | "clips">) => {
    sum.movements += counts.movements;
    sum.events += counts.events;
    sum.labels += counts.labels;
    sum.clips += counts.clips;
    insertDeletion(sql, { id: randomUUID(), session, at, by: "retention", reason: "retention", ...counts });
  };
  // The newest session may still be open; any other without a report was cut off before its end.
  const open = "report IS NULL AND id = (SELECT id FROM session ORDER BY started_ms DESC, id DESC LIMIT 1)";
  const due = `SELECT id FROM session WHERE ${tooOld} AND NOT (${open})
    AND id NOT IN (SELECT session FROM deletion WHERE session IS NOT NULL) LIMIT -1`;
  for (const [id] of inOrder(sql, "id", due)) {
    tell(String(id), deleteSessionRows(sql, String(id)));
    sum.sessions += 1;
  }
  const loose = `${tooOld} AND (session IS NULL OR session NOT IN (SELECT id FROM session))`;
  const counts = deleteMovements(sql, loose);
  sql.run(`DELETE FROM coverage WHERE ${loose}`);
  if (counts.movements > 0) tell(null, counts);
  return sum;
}
