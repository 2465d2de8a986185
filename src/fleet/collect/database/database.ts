import type { Table } from "../schema/index.js";

/** What a value of a result may be. */
export type Field = string | number | bigint | boolean | null;

/**
 * What became of a statement that failed. "data": a value that the database does not take, which another attempt would
 * not change. "full": its disk is full. "refused": it does not let
 * us in. "away": anything else; another attempt may go well.
 */
export type Failure = "data" | "full" | "refused" | "away";

/** One connection to a database: DuckDB's or PostgreSQL's, as far as they differ. Calls come one after the other. */
export interface Database {
  readonly kind: "duckdb" | "postgres";
  /** The place in words, without credentials. */
  readonly place: string;
  /** Runs one statement, or several where there are no parameters. Rejects with whatever the driver says. */
  query(sql: string, parameters?: readonly string[]): Promise<Readonly<Record<string, Field>>[]>;
  /** Runs it all in one transaction, or nothing of it. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Within a transaction: lets nobody else migrate until it ends. */
  lockForMigration(): Promise<void>;
  /** Within a transaction: lets other batches be written at the same time, unless it is for deletions. */
  lockForBatch(deletions: boolean): Promise<void>;
  /** An expression for `from` whose rows are those of the JSON array that is parameter 1; its columns are `table`'s. */
  rowsOf(table: Table): string;
  /** May be called twice; never rejects. */
  close(): Promise<void>;
}
