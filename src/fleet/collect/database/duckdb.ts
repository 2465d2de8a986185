import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { FlinchError, reasonOf } from "../../../lib/errors.js";
import { optionalPackage } from "../../../lib/optional-package.js";
import type { Table } from "../schema/index.js";
import type { Database, Failure, Field } from "./database.js";

/** DuckDB's names of what JSON is read as; bytes come in Base64. */
const JSON_TYPES: Readonly<Record<string, string>> = { bytea: "VARCHAR" };

const kindOf = (message: string): string => /(?:^|\s)(\w[\w ]*) Error:/.exec(message)?.[1] ?? "";
/** Batches are small: with more threads a row costs half as much again, and a checkpoint holds up others for longer. */
const THREADS = "1";
/** What says that a value is wrong. */
const DATA = new Set(["Conversion", "Out of Range", "Constraint", "Invalid Input"]);

/** What a failure of DuckDB's means. */
export function judgeDuckDb(thrown: unknown): Failure {
  const reason = reasonOf(thrown);
  if (/No space left on device|disk quota/i.test(reason)) return "full";
  return DATA.has(kindOf(reason)) && !/database has been invalidated/.test(reason) ? "data" : "away";
}

/** A DuckDB file of this process alone. */
export class DuckDb implements Database {
  readonly kind = "duckdb";
  readonly place: string;

  private constructor(
    readonly file: string,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {
    this.place = `duckdb:${file}`;
  }

  /**
   * Opens the file, made where it is missing.
   * @throws FlinchError PACKAGE_MISSING without @duckdb/node-api, DATABASE_UNUSABLE where another process has it open
   * @throws what DuckDB says where the disk is full
   */
  static async open(file: string): Promise<DuckDb> {
    const { DuckDBInstance } = await optionalPackage(
      "@duckdb/node-api",
      "flinch collect",
      () => import("@duckdb/node-api"),
    );
    let instance: DuckDBInstance;
    try {
      instance = await DuckDBInstance.create(file, { threads: THREADS });
    } catch (thrown) {
      if (judgeDuckDb(thrown) === "full") throw thrown;
      const inUse = /Conflicting lock/.test(reasonOf(thrown));
      const problem = inUse
        ? "is in use by another process; DuckDB takes one at a time, PostgreSQL several (docs/collect.md)"
        : `cannot be opened (${reasonOf(thrown)}); name a DuckDB file, or a place where one can be made`;
      throw new FlinchError("DATABASE_UNUSABLE", `${file} ${problem}`, { cause: thrown });
    }
    return new DuckDb(file, instance, await instance.connect());
  }

  async query(sql: string, parameters: readonly string[] = []): Promise<Readonly<Record<string, Field>>[]> {
    const reader = await this.connection.runAndReadAll(sql, [...parameters]);
    return reader.getRowObjectsJson() as Readonly<Record<string, Field>>[];
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.query("begin");
    try {
      const result = await work();
      await this.query("commit");
      return result;
    } catch (thrown) {
      // A failed commit has rolled it back already.
      await this.query("rollback").catch(() => undefined);
      throw thrown;
    }
  }

  /** The file is locked against other processes as a whole. */
  async lockForMigration(): Promise<void> {}

  async lockForBatch(): Promise<void> {}

  rowsOf({ columns }: Table): string {
    const types = Object.entries(columns).map(([name, type]) => `"${name}":"${JSON_TYPES[type] ?? type}"`);
    const read = Object.entries(columns).map(([name, type]) =>
      type === "bytea" ? `from_base64(${name}) ${name}` : name,
    );
    const rows = `select unnest(from_json_strict($1, '[{${types.join(",")}}]'), recursive := true)`;
    return `(select ${read.join(", ")} from (${rows}))`;
  }

  async close(): Promise<void> {
    try {
      this.connection.closeSync();
      this.instance.closeSync();
    } catch {
      // It is closed.
    }
  }
}
