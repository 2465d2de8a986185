import { FlinchError } from "../../../lib/errors.js";
import { MIGRATIONS, type Migration } from "../schema/index.js";
import type { Database } from "./database.js";

const HISTORY = `create table if not exists flinch_schema (
  version bigint not null primary key,
  applied_at timestamptz not null,
  flinch text not null
)`;

/**
 * Brings the tables to the newest version, in one transaction that no other collector shares; does nothing where they
 * are there already. Returns the versions that were applied.
 * @throws FlinchError DATABASE_NEWER where a later Flinch has made them
 */
export async function migrate(
  database: Database,
  flinch: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<number[]> {
  return database.transaction(async () => {
    await database.lockForMigration();
    await database.query(HISTORY);
    const [row] = await database.query("select coalesce(max(version), 0) as version from flinch_schema");
    const found = Number(row?.["version"] ?? 0);
    const known = migrations.length;
    if (found > known) {
      const advice = "use that version, or a database of its own";
      const said = `${database.place} has version ${found} of the tables, made by a newer Flinch; this one knows ${known}: ${advice}`;
      throw new FlinchError("DATABASE_NEWER", said);
    }
    const applied: number[] = [];
    for (const { version, sql, postgres } of migrations.slice(found)) {
      await database.query(sql);
      if (database.kind === "postgres" && postgres !== undefined) await database.query(postgres);
      const values = [String(version), new Date().toISOString(), flinch];
      const insert = "insert into flinch_schema values (cast($1 as bigint), cast($2 as timestamptz), $3)";
      await database.query(insert, values);
      applied.push(version);
    }
    return applied;
  });
}
