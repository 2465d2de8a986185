import t from "tap";
import { shortLoad } from "./support/short-load.js";

t.test("Mosquitto, DuckDB: what is killed costs no row", (t) => shortLoad(t, { to: "duckdb" }));

t.test("Mosquitto, PostgreSQL: what is killed costs no row", (t) => shortLoad(t, {}));

t.test("Mosquitto, PostgreSQL, two collectors: all is there, once", (t) =>
  shortLoad(t, { collectors: 2, kills: 0, seconds: 3 }),
);
