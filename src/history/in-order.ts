import type { Sql, Value } from "../lib/sql.js";

/**
 * The rows of a SELECT in its order. It has to be whole before `give` is called, or the rows would come as SQLite finds
 * them: hence a table made of it.
 * @param columns of the SELECT's result
 */
export function inOrder(sql: Sql, columns: string, select: string): Value[][] {
  return sql.run(`WITH page AS MATERIALIZED (${select}) SELECT give(${columns}) FROM page`);
}
