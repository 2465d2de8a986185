import { Serial } from "../../lib/serial.js";
import type { Database } from "./database/index.js";
import type { Entry } from "./messages/index.js";
import { TABLES, type Table, type TableName } from "./schema/index.js";

/** Rows that a deletion takes, or keeps out: `row` and `deletion` are names of the two in SQL. */
function taken({ deletedBy }: Table, row: string, deletion: string): string {
  const before = `${row}.session is null and ${deletion}.session is null and ${row}.${deletedBy} < ${deletion}.before_at`;
  return `${deletion}.device = ${row}.device and (${deletion}.session = ${row}.session or (${before}))`;
}

function insertSql(database: Database, table: Table): string {
  const names = Object.keys(table.columns);
  const read = names.map((name) => (table.name === "availability" && name === "since" ? since : `r.${name}`));
  const kept =
    table.deletedBy === undefined ? "" : `where not exists (select 1 from deletions d where ${taken(table, "r", "d")})`;
  const rows = `select ${read.join(", ")} from ${database.rowsOf(table)} r ${kept}`;
  return `insert into ${table.name} (${names.join(", ")}) ${rows} on conflict do nothing`;
}

/** An "offline" of the broker has no time; that of the "online" before it lets it be stored once. */
const since = `coalesce(r.since, (select max(a.since) from availability a
  where a.device = r.device and a.boot_id = r.boot_id and a.status = 'online'), timestamptz '1970-01-01 00:00:00+00')`;

/** Writes rows, each at most once however often it comes. */
export class Store {
  private readonly serial = new Serial();
  private readonly inserts: ReadonlyMap<string, string>;

  constructor(readonly database: Database) {
    this.inserts = new Map(TABLES.map((table) => [table.name, insertSql(database, table)]));
  }

  /** Stores it all in one transaction, or nothing. Rejects with what the driver says. */
  async write(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = new Map<TableName, string[]>();
    for (const { table, json } of entries) {
      const its = rows.get(table);
      if (its === undefined) rows.set(table, [json]);
      else its.push(json);
    }
    await this.serial.run(() =>
      this.database.transaction(async () => {
        await this.database.lockForBatch(rows.has("deletions"));
        for (const table of TABLES) {
          const its = rows.get(table.name);
          if (its !== undefined) await this.insert(table, its);
        }
      }),
    );
  }

  /** Asks the database between two batches. */
  query(...asked: Parameters<Database["query"]>): ReturnType<Database["query"]> {
    return this.serial.run(() => this.database.query(...asked));
  }

  private async insert(table: Table, rows: string[]): Promise<void> {
    // In the order of their keys, for two collectors that write the same rows must not wait for each other.
    rows.sort();
    const timed = rows.filter((row) => table.name !== "availability" || !row.includes('"since":null'));
    const untimed = rows.length === timed.length ? [] : rows.filter((row) => row.includes('"since":null'));
    for (const its of [timed, untimed]) {
      if (its.length === 0) continue;
      await this.database.query(this.inserts.get(table.name) ?? "", [`[${its.join(",")}]`]);
    }
    if (table.name === "deletions") await this.obey(table, rows);
  }

  private async obey(deletions: Table, rows: readonly string[]): Promise<void> {
    const given = this.database.rowsOf(deletions);
    for (const table of TABLES) {
      if (table.deletedBy === undefined) continue;
      const condition = `exists (select 1 from ${given} d where ${taken(table, table.name, "d")})`;
      await this.database.query(`delete from ${table.name} where ${condition}`, [`[${rows.join(",")}]`]);
    }
  }
}
