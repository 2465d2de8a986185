import t from "tap";
import { DuckDb } from "../../../src/fleet/collect/database/duckdb.js";
import { openDatabase } from "../../../src/fleet/collect/database/index.js";
import { migrate } from "../../../src/fleet/collect/database/migrate.js";
import { Postgres } from "../../../src/fleet/collect/database/postgres.js";
import { MIGRATIONS, TABLES } from "../../../src/fleet/collect/schema/index.js";
import { Store } from "../../../src/fleet/collect/store.js";
import { emptyDatabase, KINDS } from "./support/databases.js";
import { EVENT, event, message, rowsOf } from "./support/messages.js";
import { count } from "./support/store.js";

const TYPES: Readonly<Record<string, string>> = {
  "timestamp with time zone": "timestamptz",
  double: "double precision",
  varchar: "text",
  blob: "bytea",
};

for (const kind of KINDS) {
  t.test(`${kind}: the tables have the columns that rows are written to`, async (t) => {
    const target = await emptyDatabase(t, kind);
    if (target === undefined) return;
    const database = await openDatabase(target);
    t.teardown(() => database.close());
    for (const { name, columns } of TABLES) {
      const found = await database.query(
        "select column_name, data_type from information_schema.columns where table_name = $1 order by column_name",
        [name],
      );
      const types = found.map(({ column_name, data_type }) => {
        const type = String(data_type).toLowerCase();
        return [String(column_name), TYPES[type] ?? type] as const;
      });
      t.same(Object.fromEntries(types), columns, name);
    }
  });

  t.test(`${kind}: a database of version 1 comes to the newest with its rows, and no further twice`, async (t) => {
    const target = await emptyDatabase(t, kind);
    if (target === undefined) return;
    const old = target.kind === "duckdb" ? await DuckDb.open(target.file) : await Postgres.open(target.url);
    t.same(await migrate(old, "0.1.0", MIGRATIONS.slice(0, 1)), [1]);
    await new Store(old).write(rowsOf(message(EVENT, event(1)), message(EVENT, event(3))));
    await old.close();
    const database = await openDatabase(target);
    t.teardown(() => database.close());
    const store = new Store(database);
    t.equal(await count(store, "events"), 2);
    t.equal(await count(store, "gaps"), 1);
    t.same(await migrate(database, "0.1.0"), []);
    const rows = await database.query("select version from flinch_schema order by version");
    t.same(
      rows.map(({ version }) => Number(version)),
      MIGRATIONS.map(({ version }) => version),
    );
  });

  t.test(`${kind}: a migration that fails leaves nothing behind`, async (t) => {
    const target = await emptyDatabase(t, kind);
    if (target === undefined) return;
    const database = target.kind === "duckdb" ? await DuckDb.open(target.file) : await Postgres.open(target.url);
    t.teardown(() => database.close());
    const broken = [...MIGRATIONS, { version: MIGRATIONS.length + 1, sql: "create table half (a bigint); no sql" }];
    await t.rejects(migrate(database, "0.1.0", broken));
    const tables = await database.query(
      "select table_name from information_schema.tables where table_name in ('half', 'events', 'flinch_schema')",
    );
    t.same(tables, []);
  });

  t.test(`${kind}: a database that a newer Flinch has made is left alone`, async (t) => {
    const target = await emptyDatabase(t, kind);
    if (target === undefined) return;
    const database = await openDatabase(target);
    await database.query("insert into flinch_schema values (99, current_timestamp, '9.0.0')");
    await database.close();
    await t.rejects(openDatabase(target), { code: "DATABASE_NEWER", message: /has version 99 .* this one knows 2/ });
  });
}

t.test("PostgreSQL: two that start together migrate once", async (t) => {
  const target = await emptyDatabase(t, "postgres");
  if (target === undefined) return;
  const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase(target)));
  for (const each of opened) t.teardown(() => each.close());
  const [row] = (await opened[0]?.query("select count(*) as n from flinch_schema")) ?? [];
  t.equal(Number(row?.["n"]), MIGRATIONS.length);
});

t.test("DuckDB: a file that another process has open is refused, in words", async (t) => {
  const target = await emptyDatabase(t, "duckdb");
  if (target?.kind !== "duckdb") return;
  await t.rejects(DuckDb.open("/nowhere/at/all.duckdb"), { code: "DATABASE_UNUSABLE" });
});
