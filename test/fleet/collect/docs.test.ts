import { readFileSync } from "node:fs";
import t from "tap";
import { openDatabase } from "../../../src/fleet/collect/database/index.js";
import { TABLES } from "../../../src/fleet/collect/schema/index.js";
import { emptyDatabase } from "./support/databases.js";

const page = readFileSync("docs/collect.md", "utf8");

/** The text below a heading, up to the next. */
const section = (title: string): string => page.split(`### ${title}\n`)[1]?.split(/\n##/)[0] ?? "";
/** What stands in code in the first column of a section's table, or in a whole text. */
const named = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
const firstColumn = (text: string): string => [...text.matchAll(/^\|([^|]*)\|/gm)].map(([, cell]) => cell).join(" ");

t.test("docs/collect.md names every table and its columns, and no others", async (t) => {
  const common = named(firstColumn(section("Of every event")));
  t.equal(common.length, 5);
  for (const { name, columns } of TABLES) {
    const own = "id" in columns ? common : [];
    t.same([...own, ...named(firstColumn(section(`\`${name}\``)))].sort(), Object.keys(columns).sort(), name);
  }
});

t.test("docs/collect.md names every view and its columns", async (t) => {
  const target = await emptyDatabase(t, "duckdb");
  if (target === undefined) return;
  const database = await openDatabase(target);
  t.teardown(() => database.close());
  const views = await database.query("select table_name from information_schema.tables where table_type = 'VIEW'");
  t.equal(views.length, 3);
  for (const { table_name: name } of views) {
    const row = new RegExp(`^\\| \`${name}\` \\|.*$`, "m").exec(section("Views"))?.[0] ?? "";
    const columns = await database.query("select column_name from information_schema.columns where table_name = $1", [
      String(name),
    ]);
    const reviewed =
      name === "current_reviews" ? Object.keys(TABLES.find((table) => table.name === "reviews")?.columns ?? {}) : [];
    const known = [...named(row), ...reviewed];
    for (const { column_name } of columns) t.ok(known.includes(String(column_name)), `${name}.${column_name}`);
  }
});
