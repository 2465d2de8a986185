import { literal, type Sql } from "../lib/sql.js";
import { inOrder } from "./in-order.js";
import type { CoverageSpan } from "./types.js";

/** Of a deleted session nothing is stored; a span that is there stays as it is. */
export function insertCoverage(sql: Sql, session: string | null, span: CoverageSpan, storedMs: number): void {
  const { fromMs, toMs, watchedMs, judgedMs, gaps } = span;
  const times = [Math.round(fromMs), Math.round(toMs), storedMs, watchedMs, judgedMs];
  const values = ["coverage", session, ...times, JSON.stringify(gaps)].map(literal).join(", ");
  const deleted = `SELECT 1 FROM deletion WHERE session = ${literal(session)}`;
  sql.run(`INSERT OR IGNORE INTO coverage SELECT ${values} WHERE NOT EXISTS (${deleted})`);
}

/** In order of time. */
export function selectCoverage(sql: Sql, session: string): CoverageSpan[] {
  const columns = "from_ms, to_ms, watched_ms, judged_ms, gaps";
  const spans = `SELECT ${columns} FROM coverage WHERE session = ${literal(session)} ORDER BY from_ms LIMIT -1`;
  const rows = inOrder(sql, columns, spans) as [number, number, number, number, string][];
  return rows.map(([fromMs, toMs, watchedMs, judgedMs, gaps]) => {
    return { fromMs, toMs, watchedMs, judgedMs, gaps: JSON.parse(gaps) as Record<string, number> };
  });
}
