import { closeSync, openSync } from "node:fs";
import { literal, Sql } from "../lib/sql.js";
import { CorruptDatabase, isFull } from "../lib/sqlite-failure.js";
import { checksumOf, giveChecksums, hasChecksums } from "./checksum.js";
import { columns, type ReadEvent, readEventOf, type StoredEvent } from "./event-row.js";

/** What one transaction does, in this order. */
export interface Change {
  readonly forget: Iterable<number>;
  readonly insert: readonly StoredEvent[];
  /** The oldest go until the pages in use fit. */
  readonly maxBytes: number;
}

/** What is too old: the events of this process by its own clock, those of earlier ones by the wall clock. */
export interface Expiry {
  /** The last sequence number that an earlier process gave. */
  readonly earlierUntil: number;
  readonly uptimeMs: number;
  readonly storedAtMs: number;
}

const version = 1;

// AUTOINCREMENT keeps the highest number ever stored in sqlite_sequence, within the transaction that stores the event.
const tables = `
  CREATE TABLE event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    stored_at_ms INTEGER NOT NULL,
    uptime_ms REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  PRAGMA user_version = ${version};`;

function rowOf({ sequence, storedAtMs, uptimeMs, body }: StoredEvent): string {
  return `(${[sequence, storedAtMs, uptimeMs, body].map(literal).join(", ")})`;
}

/**
 * The events that wait, in one SQLite file. What a method has returned from survives a power cut, except where it says
 * otherwise. Every method throws what SQLite throws and leaves the database as it was then.
 *
 * Calls are synchronous and each commit waits for the disk, a few milliseconds on flash: at the few events a minute
 * that faces give, the event loop does not notice.
 */
export class OutboxDatabase {
  private rows: number;
  /** A full disk puts them off. */
  private checksums: boolean;

  private constructor(private readonly sql: Sql) {
    this.checksums = hasChecksums(sql);
    this.rows = Number(sql.value("SELECT give(count(*)) FROM event"));
  }

  /** Opens the file, made where it is missing, and checks all of it. Nobody else can open it until it is closed. */
  static open(path: string): OutboxDatabase {
    // SQLite gives its files the mode of the first one. Events are about people: only the daemon's user reads them.
    closeSync(openSync(path, "a", 0o600));
    const sql = new Sql(path, { waitMs: 1000 });
    try {
      prepare(sql);
      const database = new OutboxDatabase(sql);
      database.giveChecksumsWhereRoom();
      return database;
    } catch (thrown) {
      sql.close();
      throw thrown;
    }
  }

  get count(): number {
    return this.rows;
  }

  /** The highest sequence number ever stored, 0 before the first. */
  highest(): number {
    return Number(this.sql.value("SELECT give(max(seq)) FROM sqlite_sequence") ?? 0);
  }

  /** The first event behind this sequence number. */
  next(after: number): ReadEvent | undefined {
    const behind = `sequence > ${literal(after)} ORDER BY sequence LIMIT 1`;
    const [crc32, from] = this.checksums ? ["crc32", "event LEFT JOIN checksum USING (sequence)"] : ["NULL", "event"];
    return readEventOf(this.sql.run(`SELECT give(${columns}, ${crc32}) FROM ${from} WHERE ${behind}`)[0]);
  }

  /** When the first event behind this sequence number was stored; undefined where there is none. */
  storedAfter(after: number): Pick<StoredEvent, "sequence" | "storedAtMs" | "uptimeMs"> | undefined {
    const behind = `sequence > ${literal(after)} ORDER BY sequence LIMIT 1`;
    const [row] = this.sql.run(`SELECT give(sequence, stored_at_ms, uptime_ms) FROM event WHERE ${behind}`);
    if (row === undefined) return undefined;
    const [sequence, storedAtMs, uptimeMs] = row as [number, number, number];
    return { sequence, storedAtMs, uptimeMs };
  }

  /** Every event, ascending. Rows that cannot be read end it. */
  *all(): Generator<ReadEvent> {
    for (let row = this.next(0); row !== undefined; row = this.next(row.sequence)) yield row;
  }

  /** Does all of a change or nothing; returns how many events had to go for the sake of `maxBytes`. */
  write({ forget, insert, maxBytes }: Change): number {
    const { evicted, added } = this.transaction(() => {
      let removed = 0;
      for (const sequence of forget) removed += this.delete(sequence);
      const evicted = this.shrink(maxBytes);
      return { evicted, added: this.insert(insert) - removed - evicted };
    });
    this.rows += added;
    return evicted;
  }

  /** Stores what is not there yet; returns how many that were. */
  adopt(events: Iterable<StoredEvent>): number {
    const adopted = this.transaction(() => this.insert(events));
    this.rows += adopted;
    return adopted;
  }

  /** Removes an event, and does not wait for the disk: after a power cut, not after a crash, it may be there again. */
  remove(sequence: number): void {
    this.sql.run("PRAGMA synchronous = NORMAL");
    try {
      this.rows -= this.delete(sequence);
    } finally {
      this.sql.run("PRAGMA synchronous = FULL");
    }
  }

  /** Removes what came before these times; returns how many. */
  expire({ earlierUntil, uptimeMs, storedAtMs }: Expiry): number {
    const ofThisProcess = `sequence > ${literal(earlierUntil)}`;
    const tooOld = `uptime_ms < ${literal(uptimeMs)} ELSE stored_at_ms < ${literal(storedAtMs)}`;
    const expired = this.sql.change(`DELETE FROM event WHERE CASE WHEN ${ofThisProcess} THEN ${tooOld} END`);
    this.rows -= expired;
    return expired;
  }

  /** Gives a new time to events that were stored before `earlierThanMs`. */
  restamp(earlierThanMs: number, nowMs: number): void {
    this.sql.run(`UPDATE event SET stored_at_ms = ${literal(nowMs)} WHERE stored_at_ms < ${literal(earlierThanMs)}`);
  }

  /** Gives free pages back to the disk, some megabytes of them lest it take seconds, and empties the log. */
  compact(): void {
    this.sql.run("PRAGMA incremental_vacuum(4096); PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Moves the log into the database where the disk lets it, so that the log's room can be used again. */
  checkpoint(): void {
    this.sql.run("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** May be called twice. */
  close(): void {
    this.sql.close();
  }

  /** Ignores what is there: a commit that failed may have been one all the same. */
  private insert(events: Iterable<StoredEvent>): number {
    let added = 0;
    for (const event of events) {
      const { sequence, body } = event;
      const stored = this.sql.change(`INSERT OR IGNORE INTO event VALUES ${rowOf(event)}`);
      if (stored > 0)
        this.sql.run(`INSERT OR REPLACE INTO checksum VALUES (${sequence}, ${checksumOf(sequence, body)})`);
      added += stored;
    }
    return added;
  }

  /** Stores events in a table that has its checksums. */
  private transaction<T>(work: () => T): T {
    const result = this.sql.transaction(() => {
      if (!this.checksums) giveChecksums(this.sql);
      return work();
    });
    this.checksums = true;
    return result;
  }

  private giveChecksumsWhereRoom(): void {
    try {
      this.sql.transaction(() => giveChecksums(this.sql));
      this.checksums = true;
    } catch (thrown) {
      if (!isFull(thrown)) throw thrown;
    }
  }

  private delete(sequence: number): number {
    return this.sql.change(`DELETE FROM event WHERE sequence = ${literal(sequence)}`);
  }

  private shrink(maxBytes: number): number {
    const oldest = "DELETE FROM event WHERE sequence = (SELECT min(sequence) FROM event)";
    let evicted = 0;
    while (this.usedBytes() > maxBytes && this.sql.change(oldest) > 0) evicted += 1;
    return evicted;
  }

  private usedBytes(): number {
    const used = "(page_count - freelist_count) * page_size";
    return Number(
      this.sql.value(`SELECT give(${used}) FROM pragma_page_count, pragma_freelist_count, pragma_page_size`),
    );
  }
}

function prepare(sql: Sql): void {
  // First, so that the index of the log lies in memory, not in a mapped file that a full disk turns into SIGBUS.
  sql.run("PRAGMA locking_mode = EXCLUSIVE");
  // A full disk must not keep a database that is there from being opened: settings that write are for a new one.
  if (sql.value("SELECT give(page_count) FROM pragma_page_count") === 0) sql.run("PRAGMA auto_vacuum = INCREMENTAL");
  sql.run("PRAGMA journal_mode = WAL");
  sql.run("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 100");
  const checked = sql.value("SELECT give(quick_check) FROM pragma_quick_check");
  if (checked !== "ok") throw new CorruptDatabase(String(checked));
  const found = Number(sql.value("SELECT give(user_version) FROM pragma_user_version"));
  if (found > version)
    throw new Error(`a newer Flinch wrote its database, version ${found}; this one knows ${version}`);
  // Throws where the file cannot be written, before an event depends on it.
  sql.transaction(() => found === 0 && sql.run(tables));
}
