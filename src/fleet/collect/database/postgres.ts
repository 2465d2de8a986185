import type { Client } from "pg";
import { FlinchError, reasonOf } from "../../../lib/errors.js";
import { optionalPackage } from "../../../lib/optional-package.js";
import { redactAddress } from "../../../lib/redact.js";
import type { Table } from "../schema/index.js";
import type { Database, Failure, Field } from "./database.js";

const CONNECT_MS = 10_000;
/** A statement that takes longer has no connection any more. */
const QUERY_MS = 60_000;
/** Keys of PostgreSQL's advisory locks, which nobody else in this database should use. */
const [MIGRATION_LOCK, BATCH_LOCK] = [7_105_001, 7_105_002];

const JSON_TYPES: Readonly<Record<string, string>> = { bytea: "text" };
/** Classes of SQLSTATE that say that a value is wrong: data exceptions, integrity constraints. */
const DATA = /^2[23]/;
/** That say that we are not let in: authorisation, no such database, no privilege. */
const REFUSED = /^(28|3D|42501)/;

const stateOf = (thrown: unknown): string => String((thrown as { readonly code?: unknown } | undefined)?.code ?? "");

/** What a failure of PostgreSQL's, or of the way there, means. */
export function judgePostgres(thrown: unknown): Failure {
  const state = stateOf(thrown);
  if (state === "53100" || state === "ENOSPC") return "full";
  if (DATA.test(state)) return "data";
  return REFUSED.test(state) || /password must be a string/.test(reasonOf(thrown)) ? "refused" : "away";
}

/** A connection to PostgreSQL. */
export class Postgres implements Database {
  readonly kind = "postgres";
  readonly place: string;

  private constructor(
    url: string,
    private readonly client: Client,
  ) {
    this.place = redactAddress(url);
  }

  /**
   * Connects. The password comes from PGPASSWORD, PGPASSFILE or ~/.pgpass.
   * @throws FlinchError PACKAGE_MISSING without pg, DATABASE_UNUSABLE where the server does not let this user in
   * @throws what the system says where no server answers
   */
  static async open(url: string): Promise<Postgres> {
    const { default: pg } = await optionalPackage("pg", "flinch collect", () => import("pg"));
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: QUERY_MS,
      keepAlive: true,
      application_name: "flinch collect",
    });
    // A connection that breaks between two statements: the next one says so.
    client.on("error", () => undefined);
    const postgres = new Postgres(url, client);
    try {
      await client.connect();
    } catch (thrown) {
      await postgres.close();
      if (judgePostgres(thrown) !== "refused") throw thrown;
      const advice = "check user and database in --to; a password comes from PGPASSWORD, PGPASSFILE or ~/.pgpass";
      const said = `${postgres.place} does not let us in (${reasonOf(thrown)}); ${advice}`;
      throw new FlinchError("DATABASE_UNUSABLE", said, { cause: thrown });
    }
    return postgres;
  }

  async query(sql: string, parameters: readonly string[] = []): Promise<Readonly<Record<string, Field>>[]> {
    const result = await this.client.query<Record<string, Field>>(sql, [...parameters]);
    return result.rows;
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.client.query("begin");
    try {
      const result = await work();
      await this.client.query("commit");
      return result;
    } catch (thrown) {
      await this.client.query("rollback").catch(() => undefined);
      throw thrown;
    }
  }

  async lockForMigration(): Promise<void> {
    await this.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})::text`);
  }

  async lockForBatch(deletions: boolean): Promise<void> {
    await this.query(`select pg_advisory_xact_lock${deletions ? "" : "_shared"}(${BATCH_LOCK})::text`);
  }

  rowsOf({ columns }: Table): string {
    const entries = Object.entries(columns);
    const types = entries.map(([name, type]) => `${name} ${JSON_TYPES[type] ?? type}`);
    const read = entries.map(([name, type]) => (type === "bytea" ? `decode(${name}, 'base64') as ${name}` : name));
    return `(select ${read.join(", ")} from json_to_recordset($1::json) as given(${types.join(", ")}))`;
  }

  async close(): Promise<void> {
    // A server that does not answer is not waited for.
    const ended = this.client.end().catch(() => undefined);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
  }
}
