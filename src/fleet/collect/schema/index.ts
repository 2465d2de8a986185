import { tables } from "./0001.js";
import { postgresIndexes, views } from "./0002.js";

export { type Row, TABLES, type Table, type TableName } from "./columns.js";

/** A step from one version of the schema to the next. A published one is never changed. */
export interface Migration {
  /** 1, 2, … */
  readonly version: number;
  /** For every database. */
  readonly sql: string;
  /** For PostgreSQL besides. */
  readonly postgres?: string;
}

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: tables },
  { version: 2, sql: views, postgres: postgresIndexes },
];
