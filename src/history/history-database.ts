import { closeSync, openSync } from "node:fs";
import { literal, Sql } from "../lib/sql.js";
import { CorruptDatabase, isRefusedRow } from "../lib/sqlite-failure.js";
import { salvageRows } from "./salvage-rows.js";
import { schema, type Table, tableNames } from "./tables.js";

const version = 1;

/**
 * What is kept, in one SQLite file. What a transaction has returned from survives a power cut. Every method throws what
 * SQLite throws and leaves the database as it was then.
 */
export class HistoryDatabase {
  private lastCount = 0;

  private constructor(readonly sql: Sql) {}

  /** Opens the file, made where it is missing, and checks all of it. Nobody else can open it until it is closed. */
  static open(path: string): HistoryDatabase {
    // SQLite gives its files the mode of the first one. They are about people: only the daemon's user reads them.
    closeSync(openSync(path, "a", 0o600));
    const sql = new Sql(path, { waitMs: 1000 });
    try {
      prepare(sql);
      return new HistoryDatabase(sql);
    } catch (thrown) {
      sql.close();
      throw thrown;
    }
  }

  /** Movements; the last number known where they cannot be counted. */
  get movements(): number {
    try {
      this.lastCount = this.count("movement");
    } catch {
      // A corrupt database is closed as well.
    }
    return this.lastCount;
  }

  count(table: Table): number {
    return Number(this.sql.value(`SELECT give(count(*)) FROM ${table}`));
  }

  /** Bytes of the pages that hold something. */
  usedBytes(): number {
    const used = "(page_count - freelist_count) * page_size";
    return Number(
      this.sql.value(`SELECT give(${used}) FROM pragma_page_count, pragma_freelist_count, pragma_page_size`),
    );
  }

  /**
   * Takes what was deleted off the disk: out of the log, and free pages (zeros, thanks to secure_delete) out of the
   * file, some megabytes of them lest it take seconds.
   */
  forget(): void {
    this.sql.run("PRAGMA incremental_vacuum(4096); PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Stores in the database at this path, made where it is missing, all that is in this one. */
  copyTo(path: string): void {
    HistoryDatabase.open(path).close();
    this.attached(path, (other) => copyRows(this.sql, "main", other));
  }

  /** Stores what is in the database at this path, as far as it is not here yet. */
  copyFrom(path: string): void {
    HistoryDatabase.open(path).close();
    this.attached(path, (other) => copyRows(this.sql, other, "main"));
  }

  /** Stores what can still be read of a damaged database; returns how many movements. */
  rescue(path: string): number {
    const before = this.movements;
    this.sql.transaction(() => {
      for (const insert of salvageRows(path)) this.insertWhereValid(insert);
      // A page that was old already may hold what has been deleted since.
      const deleted = "(SELECT session FROM deletion WHERE session IS NOT NULL)";
      for (const table of ["movement", "coverage"]) this.sql.run(`DELETE FROM ${table} WHERE session IN ${deleted}`);
      for (const table of ["excerpt", "label"])
        this.sql.run(`DELETE FROM ${table} WHERE movement NOT IN (SELECT id FROM movement)`);
    });
    return this.movements - before;
  }

  /** May be called twice. */
  close(): void {
    this.sql.close();
  }

  private insertWhereValid(insert: string): void {
    try {
      this.sql.run(insert);
    } catch (thrown) {
      if (!isRefusedRow(thrown)) throw thrown;
    }
  }

  private attached(path: string, work: (name: string) => void): void {
    this.sql.run(`ATTACH ${literal(path)} AS other`);
    try {
      this.sql.transaction(() => work("other"));
    } finally {
      this.sql.run("DETACH other");
    }
  }
}

function copyRows(sql: Sql, from: string, to: string): void {
  for (const table of tableNames) sql.run(`INSERT OR IGNORE INTO ${to}.${table} SELECT * FROM ${from}.${table}`);
}

function prepare(sql: Sql): void {
  // First, so that the index of the log lies in memory, not in a mapped file that a full disk turns into SIGBUS.
  sql.run("PRAGMA locking_mode = EXCLUSIVE");
  // A full disk must not keep a database that is there from being opened: settings that write are for a new one.
  if (sql.value("SELECT give(page_count) FROM pragma_page_count") === 0) sql.run("PRAGMA auto_vacuum = INCREMENTAL");
  sql.run("PRAGMA journal_mode = WAL");
  sql.run("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 250");
  const checked = sql.value("SELECT give(quick_check) FROM pragma_quick_check");
  if (checked !== "ok") throw new CorruptDatabase(String(checked));
  const found = Number(sql.value("SELECT give(user_version) FROM pragma_user_version"));
  if (found > version)
    throw new Error(`a newer Flinch wrote its database, version ${found}; this one knows ${version}`);
  // Throws where the file cannot be written, before a movement depends on it.
  sql.transaction(() => found === 0 && sql.run(`${schema} PRAGMA user_version = ${version}`));
}
