import type { Sql } from "../lib/sql.js";
import { literal } from "../lib/sql.js";
import { deleteMovements } from "./deletions.js";

/** Movements that go at once. */
const BATCH = 20;

const LABELLED = "id IN (SELECT movement FROM label)";

/** Whose turn it is: what nobody has labelled, and of that what raised no event; what is labelled goes last. */
const STAGES = [`raised = 0 AND NOT ${LABELLED}`, `NOT ${LABELLED}`, "TRUE"];

/** Deletes the oldest movements of the least worth, some of them; returns how many. Call it in a transaction. */
export function evictSome(sql: Sql): number {
  for (const stage of STAGES) {
    const oldest = `SELECT id FROM movement WHERE ${stage} ORDER BY at_ms, id LIMIT ${BATCH}`;
    const { movements } = deleteMovements(sql, `id IN (${oldest})`);
    if (movements > 0) return movements;
  }
  return 0;
}

/** Deletes a movement, with its excerpt, that nobody has labelled; false where there is none. */
export function discardUnlabelled(sql: Sql, id: string): boolean {
  return deleteMovements(sql, `id = ${literal(id)} AND NOT ${LABELLED}`).movements > 0;
}
