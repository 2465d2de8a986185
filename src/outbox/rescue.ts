import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import type { ReadEvent, StoredEvent } from "./event-row.js";
import { Sql } from "./sql.js";
import { eventOf } from "./stored-body.js";

/** SQLite's own size of a page, which every version of Flinch has left as it is. */
const PAGE_BYTES = 4096;
/** First byte of a page that holds rows of a table (sqlite.org/fileformat2.html, "B-tree Pages"). */
const LEAF = 0x0d;
/** Where the header has the number of pages (the same, "In-header database size"). */
const PAGE_COUNT_AT = 28;

/**
 * The events that are left in a damaged database, whatever leads to them: each page that holds rows is read by itself,
 * as `.recover` of SQLite's shell does. Never throws; works on a copy, which needs as much room as the database.
 */
export function* rescue(path: string): Generator<StoredEvent> {
  const copy = `${path}-copy`;
  let sql: Sql | undefined;
  try {
    const leaves = copyWithLeaves(path, copy);
    sql = new Sql(copy, { waitMs: 0, lenient: true });
    const checksums = checksumsIn(sql, leaves);
    for (const leaf of leaves) {
      for (const event of eventsIn(sql, leaf, checksums)) yield event;
    }
  } catch {
    // Not even a database, or no room for the copy.
  } finally {
    sql?.close();
    removeDatabase(copy);
  }
}

/** Copies a database so that each of its pages of rows is a table, `leaf<page>`; returns their numbers. */
function copyWithLeaves(path: string, copy: string): number[] {
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
      const row = `'table', '${name}', '${name}', ${page}, 'CREATE TABLE ${name} (id, a, b, c)'`;
      sql.run(`INSERT INTO sqlite_schema VALUES (${row})`);
    }
  });
  sql.close();
  return leaves;
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

/** Rows of all tables have the same shape here; those whose number is the row's own have no first value. */
function checksumsIn(sql: Sql, leaves: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const leaf of leaves) {
    const rows = read(
      sql,
      `SELECT give(rowid, a) FROM leaf${leaf} WHERE id IS NULL AND typeof(a) = 'integer' AND b IS NULL`,
    );
    for (const [sequence, crc32] of rows as [number, number][]) found.set(sequence, crc32);
  }
  return found;
}

function eventsIn(sql: Sql, leaf: number, checksums: ReadonlyMap<number, number>): ReadEvent[] {
  const events = `id IS NULL AND typeof(a) = 'integer' AND typeof(b) IN ('real', 'integer') AND typeof(c) = 'text'`;
  const rows = read(sql, `SELECT give(rowid, a, b, c) FROM leaf${leaf} WHERE ${events}`);
  return (rows as [number, number, number, string][])
    .map(([sequence, storedAtMs, uptimeMs, body]) => {
      return { sequence, storedAtMs, uptimeMs, body, crc32: checksums.get(sequence) ?? null };
    })
    .filter((event) => eventOf(event) !== undefined);
}

/** What a statement gives until it comes to what cannot be read. */
function read(sql: Sql, statement: string): unknown[] {
  try {
    return sql.run(statement);
  } catch {
    return sql.partial;
  }
}

/** Removes a database that nobody has open, with its log. */
export function removeDatabase(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
}
