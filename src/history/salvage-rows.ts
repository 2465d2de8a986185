import { type Leaf, salvage } from "../lib/salvage.js";
import { columnsOf, type Table, tableNames } from "./tables.js";

const widest = Math.max(...tableNames.map((table) => columnsOf(table).length));
const names = Array.from({ length: widest }, (_, at) => `c${at}`);

/** Statements that store again what is left in a damaged database. Never throws; needs as much room as the database. */
export function salvageRows(path: string): Generator<string> {
  return salvage(path, names, function* (leaves) {
    for (const leaf of leaves) {
      for (const table of tableNames) yield* inserts(leaf, table);
    }
  });
}

function inserts(leaf: Leaf, table: Table): string[] {
  const columns = columnsOf(table).map((_, at) => `quote(c${at})`);
  const rows = leaf.rows(columns.join(", "), `c0 = '${table}'`) as string[][];
  return rows.map((row) => `INSERT OR IGNORE INTO ${table} VALUES (${row.join(", ")})`);
}
