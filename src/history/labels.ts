import { literal, type Sql, type Value } from "../lib/sql.js";
import { inOrder } from "./in-order.js";
import type { Label } from "./types.js";

const columns = "id, movement, reviewer, version, decision, onset_ms, apex_ms, offset_ms, note, at, flinch, model";

/** Holds for the latest version of each reviewer and movement, unless it is withdrawn. */
export const currentLabel = `label.decision <> 'withdrawn' AND label.version = (
  SELECT max(version) FROM label AS other WHERE other.movement = label.movement AND other.reviewer = label.reviewer)`;

function labelOf(row: readonly Value[]): Label {
  const [id, movement, reviewer, version, decision, ...rest] = row as [string, string, string, number, string];
  const [onsetMs, apexMs, offsetMs, ...texts] = rest as (number | null)[];
  const [note, at, flinch, model] = texts as unknown as [string, string, string, string | null];
  return {
    id,
    movement,
    reviewer,
    version,
    decision: decision as Label["decision"],
    onsetMs: onsetMs ?? null,
    apexMs: apexMs ?? null,
    offsetMs: offsetMs ?? null,
    note,
    at,
    flinch,
    model: model === null ? null : (JSON.parse(model) as Label["model"]),
  };
}

export function insertLabel(sql: Sql, label: Label): void {
  const { id, movement, reviewer, version, decision, onsetMs, apexMs, offsetMs, note, at, flinch, model } = label;
  const said = [id, movement, reviewer, version, decision, onsetMs, apexMs, offsetMs, note, at, flinch];
  const values = ["label", ...said, model === null ? null : JSON.stringify(model), 0];
  sql.run(`INSERT INTO label VALUES (${values.map(literal).join(", ")})`);
}

export function markLabelSent(sql: Sql, id: string): void {
  sql.run(`UPDATE label SET sent = 1 WHERE id = ${literal(id)}`);
}

/** In the order in which they were stored. */
function select(sql: Sql, where: string): Label[] {
  return inOrder(sql, columns, `SELECT * FROM label WHERE ${where} ORDER BY rowid LIMIT -1`).map(labelOf);
}

/** Every version, oldest first. */
export const selectLabelsOf = (sql: Sql, movement: string): Label[] =>
  select(sql, `label.movement = ${literal(movement)}`);

/** Those that are not marked as sent, oldest first. */
export const selectUnsent = (sql: Sql): Label[] => select(sql, "label.sent = 0");

/** What each reviewer says of each movement now. */
export function selectCurrentLabels(
  sql: Sql,
  { session, reviewer }: { readonly session?: string; readonly reviewer?: string },
): Label[] {
  const conditions = [currentLabel];
  if (session !== undefined)
    conditions.push(`label.movement IN (SELECT id FROM movement WHERE session = ${literal(session)})`);
  if (reviewer !== undefined) conditions.push(`label.reviewer = ${literal(reviewer)}`);
  return select(sql, conditions.join(" AND "));
}
