import type { Test } from "tap";
import { openDatabase } from "../../../../src/fleet/collect/database/index.js";
import { Store } from "../../../../src/fleet/collect/store.js";
import { emptyDatabase, type KINDS } from "./databases.js";

/** A store in an empty database, until the test ends; undefined, with the test skipped, where there can be none. */
export async function openStore(t: Test, kind: (typeof KINDS)[number]): Promise<Store | undefined> {
  const target = await emptyDatabase(t, kind);
  if (target === undefined) return undefined;
  const database = await openDatabase(target);
  t.teardown(() => database.close());
  return new Store(database);
}

/** How many rows there are. */
export async function count(store: Store, table: string): Promise<number> {
  const [row] = await store.query(`select count(*) as n from ${table}`);
  return Number(row?.["n"]);
}
