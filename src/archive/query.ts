import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { optionalPackage } from "../lib/optional-package.js";
import { resultsBelow } from "./result-tree.js";

/** An answer as text: a row of names, then the rows. */
export type Answer = readonly (readonly string[])[];

/** Tables of results that are views here, by the same name. */
const TABLES = ["events", "movements", "labels", "signals"] as const;

/** A path as a string of SQL. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Asks DuckDB about all results below a folder. The views `events`, `movements`, `labels` and `signals` are their
 * Parquet tables, as far as there are some, with the column `results`, the folder within; `recordings` has a row a
 * recording, from summary.json. SQL can reach no file outside of that folder.
 * @throws FlinchError PACKAGE_MISSING, RESULTS_UNREADABLE where there are none, QUERY_INVALID
 */
export async function queryResults(folder: string, sql: string): Promise<Answer> {
  const root = resolve(folder);
  const { DuckDBInstance } = await optionalPackage(
    "@duckdb/node-api",
    "flinch query",
    () => import("@duckdb/node-api"),
  );
  const places: string[] = [];
  for await (const { place } of resultsBelow(root)) places.push(place);
  if (places.length === 0) {
    const how = "flinch analyze RECORDINGS --out DIR --to parquet makes some";
    throw new FlinchError("RESULTS_UNREADABLE", `there are no results below '${folder}': ${how}`);
  }
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`SET allowed_directories = [${quoted(root)}]; SET enable_external_access = false`);
    const summaries = places.map((place) => quoted(join(root, place, "summary.json")));
    await connection.run(
      `CREATE TABLE recordings AS SELECT * EXCLUDE (filename), ${placeOf("filename", root)} AS results FROM read_json([${summaries}], union_by_name = true, filename = true, maximum_object_size = 16777216)`,
    );
    for (const table of TABLES) {
      const files = await tablesAt(root, places, table);
      if (files.length === 0) continue;
      await connection.run(
        `CREATE VIEW ${table} AS SELECT * EXCLUDE (filename), ${placeOf("filename", root)} AS results FROM read_parquet([${files.map(quoted)}], union_by_name = true, filename = true)`,
      );
    }
    const reader = await connection.runAndReadAll(sql);
    return [
      reader.columnNames(),
      ...reader.getRows().map((row) => row.map((value) => (value === null ? "" : String(value)))),
    ];
  } catch (thrown) {
    throw new FlinchError("QUERY_INVALID", `DuckDB: ${reasonOf(thrown)}`, { cause: thrown });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The folder of a file, within the folder of all results, as SQL. */
const placeOf = (column: string, root: string): string =>
  `regexp_replace(${column}[${join(root, "/").length + 1}:], '/?[^/]*$', '')`;

/** The Parquet files of a table: as analyze writes them, or export beside the results. */
async function tablesAt(root: string, places: readonly string[], table: string): Promise<string[]> {
  const files: string[] = [];
  for (const place of places) {
    const name = basename(join(root, place));
    for (const file of [`${table}.parquet`, `${name}.${table}.parquet`]) {
      const path = join(root, place, file);
      if ((await stat(path).catch(() => undefined)) === undefined) continue;
      files.push(path);
      break;
    }
  }
  return files;
}
