import { flinchVersion } from "../../../lib/package-version.js";
import type { Database, Failure } from "./database.js";
import { DuckDb, judgeDuckDb } from "./duckdb.js";
import { migrate } from "./migrate.js";
import { judgePostgres, Postgres } from "./postgres.js";
import type { Target } from "./target.js";

export type { Database, Failure, Field } from "./database.js";
export { type Target, targetOf } from "./target.js";

/**
 * Opens a database and brings its tables to the version that this Flinch writes.
 * @throws FlinchError DATABASE_UNUSABLE, DATABASE_NEWER or PACKAGE_MISSING where another attempt would not help
 * @throws what the driver says where it may
 */
export async function openDatabase(target: Target): Promise<Database> {
  const database = target.kind === "duckdb" ? await DuckDb.open(target.file) : await Postgres.open(target.url);
  try {
    await migrate(database, flinchVersion());
    return database;
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

/** What became of a call that failed with this. */
export function judge({ kind }: Pick<Target, "kind">, thrown: unknown): Failure {
  return kind === "duckdb" ? judgeDuckDb(thrown) : judgePostgres(thrown);
}
