import type { MicroExpressionEvent } from "../contract/index.js";
import { literal, type Sql, type Value } from "../lib/sql.js";
import type { Movement } from "../pipeline/index.js";
import { unpackExcerpt } from "./excerpt-code.js";
import { inOrder } from "./in-order.js";
import type { Excerpt, KeptMovement, MovementQuery } from "./types.js";

/** Ids in one question: SQLite limits how long it may be. */
const AT_ONCE = 500;

const columns = "id, session, at_ms, movement, event";

function keptOf(row: readonly Value[]): KeptMovement {
  const [id, session, atMs, movement, event] = row as [string, string | null, number, string, string | null];
  return {
    id,
    session,
    atMs,
    movement: JSON.parse(movement) as Movement,
    event: event === null ? null : (JSON.parse(event) as MicroExpressionEvent),
  };
}

/**
 * Stores a movement. One that is there, because a recording was read again, stays as it is, and gets the session and
 * the event that it has not. Of a deleted session nothing is stored: false.
 */
export function insertMovement(sql: Sql, kept: KeptMovement, storedMs: number): boolean {
  const { id, session, atMs, movement, event } = kept;
  if (session !== null && sql.value(`SELECT give(1) FROM deletion WHERE session = ${literal(session)}`) === 1)
    return false;
  const json = event === null ? null : JSON.stringify(event);
  const raised = event === null ? 0 : 1;
  const values = ["movement", id, session, Math.round(atMs), storedMs, raised, JSON.stringify(movement), json];
  sql.run(`INSERT INTO movement VALUES (${values.map(literal).join(", ")}) ON CONFLICT (id) DO UPDATE SET
    session = coalesce(session, excluded.session), event = coalesce(event, excluded.event),
    raised = max(raised, excluded.raised)`);
  return true;
}

/** Of a movement that is not there, or no longer, nothing is stored: false. */
export function insertExcerpt(sql: Sql, id: string, excerpt: Buffer): boolean {
  const there = `SELECT 'excerpt', id, x'${excerpt.toString("hex")}' FROM movement WHERE id = ${literal(id)}`;
  return sql.change(`INSERT OR REPLACE INTO excerpt ${there}`) > 0;
}

export function selectMovement(sql: Sql, id: string): KeptMovement | undefined {
  const row = sql.run(`SELECT give(${columns}) FROM movement WHERE id = ${literal(id)}`)[0];
  return row && keptOf(row);
}

export function selectExcerpt(sql: Sql, id: string): Excerpt | undefined {
  const hex = sql.value(`SELECT give(hex(excerpt)) FROM excerpt WHERE movement = ${literal(id)}`);
  return hex === undefined ? undefined : unpackExcerpt(Buffer.from(String(hex), "hex"));
}

/** Newest first; oldest first after a movement. */
export function selectMovements(sql: Sql, query: MovementQuery): KeptMovement[] {
  const { session, raised, from, to, before, after, limit } = query;
  const conditions = [
    session === null && "session IS NULL",
    typeof session === "string" && `session = ${literal(session)}`,
    raised !== undefined && `raised = ${raised ? 1 : 0}`,
    from !== undefined && `at_ms >= ${literal(from)}`,
    to !== undefined && `at_ms < ${literal(to)}`,
    before !== undefined && `(at_ms, id) < (${literal(before.atMs)}, ${literal(before.id)})`,
    after !== undefined && `(at_ms, id) > (${literal(after.atMs)}, ${literal(after.id)})`,
  ].filter((condition) => condition !== false);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const order = after === undefined ? "DESC" : "ASC";
  const rows = `SELECT ${columns} FROM movement ${where} ORDER BY at_ms ${order}, id ${order} LIMIT ${literal(limit)}`;
  return inOrder(sql, columns, rows).map(keptOf);
}

/** Those of these that are there. */
export function selectKept(sql: Sql, ids: readonly string[]): Set<string> {
  return new Set(among(sql, ids, "TRUE"));
}

/** Those of these that were stored between two moments, milliseconds since the Unix epoch. */
export function selectStored(sql: Sql, ids: readonly string[], fromMs: number, toMs: number): Set<string> {
  return new Set(among(sql, ids, `stored_ms BETWEEN ${literal(fromMs)} AND ${literal(toMs)}`));
}

function among(sql: Sql, ids: readonly string[], condition: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids
      .slice(at, at + AT_ONCE)
      .map(literal)
      .join(", ");
    const rows = sql.run(`SELECT give(id) FROM movement WHERE id IN (${some}) AND ${condition}`);
    for (const [id] of rows) found.push(String(id));
  }
  return found;
}
