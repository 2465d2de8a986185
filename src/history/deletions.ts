import type { DeletionReason, Session } from "../contract/index.js";
import { literal, type Sql, type Value } from "../lib/sql.js";
import { inOrder } from "./in-order.js";
import { selectSession } from "./sessions.js";
import type { DeletionRecord, UnsentDeletion } from "./types.js";

/** How much there was. */
type Counts = Pick<DeletionRecord, "movements" | "events" | "labels" | "clips">;

const LABELS_OF = "label WHERE movement IN";
const CLIPS_OF = "excerpt WHERE movement IN";

/** Deletes movements that a condition holds for, with their excerpts and labels. */
export function deleteMovements(sql: Sql, condition: string): Counts {
  const count = (of: string) => Number(sql.value(`SELECT give(count(*)) FROM ${of}`));
  const events = count(`movement WHERE (${condition}) AND raised = 1`);
  const doomed = `(SELECT id FROM movement WHERE ${condition})`;
  const labels = sql.change(`DELETE FROM ${LABELS_OF} ${doomed}`);
  const clips = sql.change(`DELETE FROM ${CLIPS_OF} ${doomed}`);
  return { movements: sql.change(`DELETE FROM movement WHERE ${condition}`), events, labels, clips };
}

/** Deletes what is kept of a session; what remains of it names nobody. */
export function deleteSessionRows(sql: Sql, id: string): Counts {
  const its = `session = ${literal(id)}`;
  const counts = deleteMovements(sql, its);
  sql.run(`DELETE FROM coverage WHERE ${its}`);
  const record = selectSession(sql, id);
  if (record !== undefined) {
    const nobody: Session = { ...record.session, subject: "", consent: "" };
    const values = `session = ${literal(JSON.stringify(nobody))}, report = NULL, note = ''`;
    sql.run(`UPDATE session SET ${values} WHERE id = ${literal(id)}`);
  }
  return counts;
}

/** Remembers a deletion, for the record of the session and for subscribers. */
export function insertDeletion(sql: Sql, deletion: UnsentDeletion): void {
  const { id, session, at, by, reason, movements, events, labels, clips } = deletion;
  const values = ["deletion", id, session, at, by, reason, movements, events, labels, clips, 0];
  sql.run(`INSERT INTO deletion VALUES (${values.map(literal).join(", ")})`);
}

/** Those that are not marked as sent, oldest first. */
export function selectUnsentDeletions(sql: Sql): UnsentDeletion[] {
  const columns = "id, session, at, by, reason, movements, events, labels, clips";
  const rows = inOrder(sql, columns, "SELECT * FROM deletion WHERE sent = 0 ORDER BY rowid LIMIT -1");
  return rows.map((row: readonly Value[]) => {
    const [id, session, at, by, reason, ...counts] = row as [string, string | null, string, string, DeletionReason];
    const [movements = 0, events = 0, labels = 0, clips = 0] = counts as number[];
    return { id, session, at, by, reason, movements, events, labels, clips };
  });
}

/** What belonged to no session need not be remembered once it is told. */
export function markDeletionSent(sql: Sql, id: string): void {
  sql.run(`DELETE FROM deletion WHERE id = ${literal(id)} AND session IS NULL`);
  sql.run(`UPDATE deletion SET sent = 1 WHERE id = ${literal(id)}`);
}
