import type { Session, SessionReport } from "../contract/index.js";
import { literal, type Sql, type Value } from "../lib/sql.js";
import { inOrder } from "./in-order.js";
import { currentLabel } from "./labels.js";
import type { SessionRecord } from "./types.js";

const ofSession = "FROM movement WHERE session = s.id";
const columns = `s.session, s.report, s.note,
  (SELECT count(*) ${ofSession} AND raised = 1), (SELECT count(*) ${ofSession}),
  (SELECT count(DISTINCT label.movement) FROM label JOIN movement ON movement.id = label.movement
    WHERE movement.session = s.id AND ${currentLabel}),
  d.at, d.by, d.reason, d.movements, d.events, d.labels, d.clips`;
const from = "session AS s LEFT JOIN deletion AS d ON d.session = s.id";

type Row = [string, string | null, string, number, number, number, ...Value[]];

function recordOf(row: readonly Value[]): SessionRecord {
  const [session, report, note, events, movements, labelled, ...deletion] = row as Row;
  const [at, by, reason, ...counts] = deletion as [string | null, string, "request" | "retention", ...number[]];
  const [deletedMovements = 0, deletedEvents = 0, labels = 0, clips = 0] = counts;
  return {
    session: JSON.parse(session) as Session,
    report: report === null ? null : (JSON.parse(report) as SessionReport),
    note,
    events,
    movements,
    labelled,
    deletion:
      at === null ? null : { at, by, reason, movements: deletedMovements, events: deletedEvents, labels, clips },
  };
}

/** A session that is there stays as it is. */
export function insertSession(sql: Sql, session: Session, storedMs: number): void {
  const values = ["session", session.id, Date.parse(session.startedAt), storedMs, JSON.stringify(session), null, ""];
  sql.run(`INSERT OR IGNORE INTO session VALUES (${values.map(literal).join(", ")})`);
}

/** Of a deleted session nothing is kept. */
export function setReport(sql: Sql, report: SessionReport): void {
  const id = literal(report.session);
  const deleted = `EXISTS (SELECT 1 FROM deletion WHERE session = ${id})`;
  sql.run(`UPDATE session SET report = ${literal(JSON.stringify(report))} WHERE id = ${id} AND NOT ${deleted}`);
}

/** False where there is no such session, or it is deleted. */
export function setNote(sql: Sql, id: string, note: string): boolean {
  const there = `id = ${literal(id)} AND NOT EXISTS (SELECT 1 FROM deletion WHERE session = ${literal(id)})`;
  return sql.change(`UPDATE session SET note = ${literal(note)} WHERE ${there}`) > 0;
}

export function selectSession(sql: Sql, id: string): SessionRecord | undefined {
  const row = sql.run(`SELECT give(${columns}) FROM ${from} WHERE s.id = ${literal(id)}`)[0];
  return row && recordOf(row);
}

/** Newest first; those that began before a time, where one is given. */
export function selectSessions(sql: Sql, beforeMs: number | undefined, limit: number): SessionRecord[] {
  const before = beforeMs === undefined ? "" : `WHERE s.started_ms < ${literal(beforeMs)}`;
  const order = `ORDER BY s.started_ms DESC, s.id DESC LIMIT ${literal(limit)}`;
  const ids = inOrder(sql, "id", `SELECT s.id FROM session AS s ${before} ${order}`);
  return ids.flatMap(([id]) => selectSession(sql, String(id)) ?? []);
}
