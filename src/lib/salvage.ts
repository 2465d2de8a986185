import { closeSync, copyFileSync, existsSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { removeDatabase } from "./kept-database.js";
import { Sql } from "./sql.js";

/** SQLite's own size of a page, which every version of Flinch has left as it is. */
const PAGE_BYTES = 4096;
/** First byte of a page that holds rows of a table (sqlite.org/fileformat2.html, "B-tree Pages"). */
const LEAF = 0x0d;
/** Where the header has the number of pages (the same, "In-header database size"). */
const PAGE_COUNT_AT = 28;

/** A page of rows as a table of its own, whichever table the rows are of. */
export class Leaf {
  constructor(
    private readonly sql: Sql,
    private readonly table: string,
  ) {}

  /**
   * What an SQL expression list gives for each row that a condition holds for, up to a row that cannot be read. Columns
   * are called as `salvage` was told; those that the row does not have, and one that is the row's own number, are NULL.
   */
  rows(give: string, where: string): unknown[][] {
    try {
      return this.sql.run(`SELECT give(${give}) FROM ${this.table} WHERE ${where}`);
    } catch {
      return this.sql.partial;
    }
  }
}

/**
 * What is left in a damaged database, whatever leads to it: each page that holds rows is read by itself, as `.recover`
 * of SQLite's shell does. Never throws; works on a copy, which needs as much room as the database.
 * @param columns names for as many columns as the widest table has
 */
export function* salvage<T>(
  path: string,
  columns: readonly string[],
  read: (leaves: readonly Leaf[]) => Iterable<T>,
): Generator<T> {
  const copy = `${path}-copy`;
  let sql: Sql | undefined;
  try {
    const tables = copyWithLeaves(path, copy, columns);
    const opened = new Sql(copy, { waitMs: 0, lenient: true });
    sql = opened;
    yield* read(tables.map((table) => new Leaf(opened, table)));
  } catch {
    // Not even a database, or no room for the copy.
  } finally {
    sql?.close();
    removeDatabase(copy);
  }
}

/** Copies a database so that each of its pages of rows is a table, `leaf<page>`; returns their names. */
function copyWithLeaves(path: string, copy: string, columns: readonly string[]): string[] {
  removeDatabase(copy);
  const empty = new Sql(copy, { waitMs: 0 });
  empty.run("PRAGMA user_version = 1");
  empty.close();
  const firstPage = readFileSync(copy);
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  replaceFirstPage(copy, firstPage);
  // Moves the log into the database, and with it perhaps another first page.
  const logged = new Sql(copy, { waitMs: 0, lenient: true });
  logged.run("PRAGMA journal_mode = DELETE");
  logged.close();
  replaceFirstPage(copy, firstPage);
  const leaves = leavesOf(copy);
  const sql = new Sql(copy, { waitMs: 0, lenient: true });
  sql.transaction(() => {
    for (const page of leaves) {
      const name = `leaf${page}`;
      const row = `'table', '${name}', '${name}', ${page}, 'CREATE TABLE ${name} (${columns.join(", ")})'`;
      sql.run(`INSERT INTO sqlite_schema VALUES (${row})`);
    }
  });
  sql.close();
  return leaves.map((page) => `leaf${page}`);
}

/** Puts the first page of an empty database over that of another: it holds the header and the schema, and no row. */
function replaceFirstPage(path: string, page: Buffer): void {
  const file = openSync(path, "r+");
  try {
    const pages = Math.max(1, Math.floor(fstatSync(file).size / PAGE_BYTES));
    const counted = Buffer.from(page);
    counted.writeUInt32BE(pages, PAGE_COUNT_AT);
    writeSync(file, counted, 0, PAGE_BYTES, 0);
  } finally {
    closeSync(file);
  }
}

function leavesOf(path: string): number[] {
  const file = openSync(path, "r");
  try {
    const pages = Math.floor(fstatSync(file).size / PAGE_BYTES);
    const kind = Buffer.alloc(1);
    const leaves: number[] = [];
    for (let page = 2; page <= pages; page++) {
      readSync(file, kind, 0, 1, (page - 1) * PAGE_BYTES);
      if (kind[0] === LEAF) leaves.push(page);
    }
    return leaves;
  } finally {
    closeSync(file);
  }
}
