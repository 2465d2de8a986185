import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";

export type Value = number | string | null;

/**
 * An SQLite connection without prepared statements. The binding frees those when they are collected as garbage, and a
 * connection with one left does not close before: it would hold its lock, and later delete the log of the database
 * that has taken its place. So results come by a function, `give`, and values are written into the text.
 */
export class Sql {
  private readonly database: DatabaseSyncInstance;
  private given: Value[][] = [];

  /** @param waitMs how long to wait for another process that has the file open */
  constructor(path: string, { waitMs, lenient = false }: { waitMs: number; lenient?: boolean }) {
    this.database = new DatabaseSync(path, { timeout: waitMs, defensive: !lenient });
    // A lenient connection also reads a file whose end is missing.
    if (lenient) this.database.exec("PRAGMA writable_schema = ON");
    this.database.function("give", { varargs: true, directOnly: true }, (...values: Value[]) => {
      this.given.push(values);
      return null;
    });
  }

  /** A function for statements. */
  define(name: string, work: (...values: Value[]) => Value): void {
    this.database.function(name, { varargs: true, directOnly: true }, work);
  }

  get isOpen(): boolean {
    return this.database.isOpen;
  }

  /** Runs statements; returns the arguments of every call of `give` in them. */
  run(sql: string): Value[][] {
    this.given = [];
    this.database.exec(sql);
    return this.given;
  }

  /** What the last statements gave before one of them threw. */
  get partial(): Value[][] {
    return this.given;
  }

  /** Runs statements in one transaction, or none of them where one throws. */
  transaction<T>(work: () => T): T {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.database.exec("COMMIT");
      return result;
    } catch (thrown) {
      // A full disk may have rolled it back already.
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw thrown;
    }
  }

  /** Runs one statement that changes rows; returns how many. */
  change(sql: string): number {
    return Number(this.value(`${sql}; SELECT give(changes())`));
  }

  /** The first value given, undefined where there is none. */
  value(sql: string): Value | undefined {
    return this.run(sql)[0]?.[0];
  }

  /** May be called twice. */
  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}

/** A value as SQL writes it. Text must not hold the character NUL, which JSON never does. */
export function literal(value: Value): string {
  if (value === null) return "NULL";
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
