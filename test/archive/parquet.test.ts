import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { flinch } from "../support/cli.js";
import { openHistory } from "../support/history.js";
import { NotFetched } from "../support/npm-package.js";
import { PYTHON } from "../support/python.js";
import { pythonPackages } from "../support/python-packages.js";
import { excerptAt, keepSession, keptEvent } from "./support/kept-session.js";
import { rowsOf } from "./support/read.js";

t.setTimeout(600_000);

const run = promisify(execFile);

/** Readers that have nothing to do with the writer: Apache's own, and DuckDB's. */
const READERS = ["pyarrow==26.0.1", "duckdb==2.0.1", "pandas==3.1.1", "pyreadstat==1.3.7"];

const READ = `
import json, sys
import duckdb, pandas, pyarrow.parquet as parquet

def read(path):
    table = parquet.read_table(path)
    meta = json.loads(parquet.read_metadata(path).metadata[b"flinch"])
    frame = pandas.read_parquet(path)
    duck = duckdb.sql(f"select * from '{path}'")
    rows = [[v.isoformat(timespec="milliseconds").replace("+00:00", "Z") if hasattr(v, "isoformat") else v for v in row]
            for row in zip(*(column.to_pylist() for column in table.columns))]
    return {"types": {field.name: str(field.type) for field in table.schema}, "rows": rows, "meta": meta,
            "frame": [list(frame.shape), list(frame.columns)], "duck": [duck.shape[0], duck.columns],
            "ducks": {name: str(kind) for name, kind in zip(duck.columns, duck.types)},
            "sum": duckdb.sql(f"select sum(face) from '{path}'").fetchall()[0][0]}

print(json.dumps([read(path) for path in sys.argv[1:]]))`;

interface Read {
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly meta: {
    readonly table: string;
    readonly columns: readonly { readonly name: string; readonly unit: string }[];
  };
  readonly frame: readonly [readonly number[], readonly string[]];
  readonly duck: readonly [number, readonly string[]];
  readonly ducks: Readonly<Record<string, string>>;
  readonly sum: number | null;
}

const directory = join(t.testdir(), "outbox");
const out = join(t.testdirName, "tables");

async function readersOrSkip(): Promise<string | undefined> {
  try {
    return await pythonPackages(READERS);
  } catch (thrown) {
    if (!(thrown instanceof NotFetched)) throw thrown;
    t.fail("not tested", { skip: `not tested: ${thrown.message}` });
    return undefined;
  }
}

const readers = await readersOrSkip();
if (readers !== undefined) {
  const history = openHistory(directory);
  const { session, events } = keepSession(history);
  // Motion of a model with a region more.
  const other = keptEvent(session, 85_000);
  history.add(other);
  history.setExcerpt(other.id, excerptAt(85_120.4, ["brow_left", "chin"]));
  history.close();
  const where = [`--outbox.directory=${directory}`, "--out", out];
  const told = await flinch("export", session.id, "none", "--to", "csv,parquet", ...where);
  t.same([told.status, told.plain], [0, []]);
  const paths = told.output.filter((path) => path.endsWith(".parquet"));
  const env = { ...process.env, PYTHONPATH: readers };
  const { stdout } = await run(PYTHON, ["-c", READ, ...paths], { env, maxBuffer: 1e8 });
  const read = JSON.parse(stdout) as Read[];
  const tables = ["events", "movements", "labels", "signals"];
  t.same(
    read.map(({ meta }) => meta.table),
    [...tables, ...tables],
  );
  const [inSession, outside] = [read.slice(0, 4), read.slice(4)];

  t.test("three readers see the same rows, columns and types", async (t) => {
    for (const { types, rows, meta, frame, duck, ducks, sum } of inSession) {
      const names = meta.columns.map(({ name }) => name);
      t.same(Object.keys(types), names, meta.table);
      t.same(frame, [[rows.length, names.length], names]);
      t.same(duck, [rows.length, names]);
      const faces = rows.map((row) => Number(row[names.indexOf("face")]));
      t.equal(
        Number(sum),
        faces.reduce((a, b) => a + b, 0),
      );
      t.match(types, { face: "int32", session: "string", subject: "string" });
      t.match(ducks, { face: "INTEGER", session: "VARCHAR" });
    }
    t.match(inSession[0]?.types, { onset_ms: "double", onset_at: "timestamp[ms, tz=UTC]", p_sad: "double" });
    t.match(inSession[0]?.ducks, { onset_at: "TIMESTAMP WITH TIME ZONE" });
  });

  t.test("cells are those of the CSV, which has empty ones where Parquet has none", async (t) => {
    for (const [i, table] of tables.slice(0, 3).entries()) {
      const { rows = [], meta } = inSession[i] ?? {};
      const csv = rowsOf(paths[i]?.replace(/parquet$/, "csv") ?? "");
      t.equal(csv.length, rows.length, table);
      t.ok(rows.length > 0);
      for (const [r, row] of rows.entries()) {
        const cells = (meta?.columns ?? []).map(({ name }, c) => [name, row[c] === null ? "" : String(row[c])]);
        const { note: _, ...written } = csv[r] ?? {};
        // CSV alone guards notes against being formulas.
        t.same(Object.fromEntries(cells.filter(([name]) => name !== "note")), written, `${table} ${r}`);
      }
    }
    const { rows = [], meta } = inSession[2] ?? {};
    const note = meta?.columns.findIndex(({ name }) => name === "note") ?? -1;
    t.equal(rows[0]?.[note], '=HYPERLINK("http://evil")\n- both "brows"');
  });

  t.test("signals have a row a sample, the regions of every model, and the spotter's last word", async (t) => {
    const { rows = [], meta } = inSession[3] ?? {};
    t.equal(rows.length, 5 * 30);
    const names = meta?.columns.map(({ name }) => name) ?? [];
    const cell = (row: number, name: string) => rows[row]?.[names.indexOf(name)];
    t.match(names, ["video", "session", "subject", "movement", "time_ms", "face", "brow_left_x", "brow_left_y"]);
    t.equal(cell(0, "movement"), events[0]?.id);
    t.same([cell(3, "brow_right_x"), cell(3, "brow_right_y"), cell(3, "brow_right_change")], [3.1, -3, 0.1]);
    t.same([cell(3, "chin_x"), cell(3, "head_x"), cell(3, "head_growth")], [null, 1.5, 0.25]);
    t.equal(cell(0, "score"), null, "nothing was said before");
    t.same([cell(1, "score"), cell(3, "score"), cell(4, "score")], [0.01, 0.01, 0.04]);
    t.equal(cell(3, "score_time_ms"), cell(1, "time_ms"));
    t.same([cell(149, "chin_x"), cell(149, "brow_right_x")], [29.1, null]);
  });

  t.test("a table without rows is a table", async (t) => {
    for (const { rows, frame, duck, types } of outside) {
      t.same([rows.length, frame[0][0], duck[0]], [0, 0, 0]);
      t.ok(Object.keys(types).length > 5);
    }
  });

  t.test("the documentation's programs read them", async (t) => {
    const blocks = readFileSync("docs/exports.md", "utf8").matchAll(/<!-- tested -->\n```(\w+)\n(.*?)```/gs);
    const printed: string[] = [];
    for (const [, language, text = ""] of blocks) {
      const program = language === "sql" ? `import duckdb; print(duckdb.sql(${JSON.stringify(text)}))` : text;
      printed.push((await run(PYTHON, ["-c", program], { env, cwd: dirname(out) })).stdout);
    }
    t.match(printed, [/ada +happy +real +2\n/, /p-017.*happy.*4.*300\.6/, ""]);
    const read = "import pyreadstat, sys; print(len(pyreadstat.read_sav(sys.argv[1])[0]['note'][0]))";
    const [file = ""] = paths.filter((path) => path.includes("labels"));
    const { stdout } = await run(PYTHON, ["-c", read, file.replace(/parquet$/, "sav")], { env });
    t.equal(Number(stdout), '=HYPERLINK("http://evil")\n- both "brows"'.length);
  });
}
