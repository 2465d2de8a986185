import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { openDatabase } from "../../src/fleet/collect/database/index.js";
import { shortVideo } from "../support/demo.js";

const dir = t.testdir();
let runs = 0;

/** What a command loads of packages, and which of Flinch's own folders: Node's coverage lists every script. */
function loadedBy(...args: string[]): { packages: string[]; folders: string[] } {
  const coverage = join(dir, `${runs++}`);
  // Through `env`, for the runner of the tests loads something of its own into every Node that they start.
  const clean = ["-u", "NODE_OPTIONS", `NODE_V8_COVERAGE=${coverage}`];
  t.equal(spawnSync("env", [...clean, process.execPath, "dist/main.js", ...args]).status, 0, args.join(" "));
  const [file = ""] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, file), "utf8")) as { result: { url: string }[] };
  const named = (pattern: RegExp) => [...new Set(result.flatMap(({ url }) => pattern.exec(url)?.[1] ?? []))].sort();
  return {
    packages: named(/\/node_modules\/((?:@[^/]+\/)?[^/]+)/),
    folders: named(/\/dist\/(?:(.+)\/)?[^/]+$/),
  };
}

const PARSER = ["commander", "fastest-levenshtein"];
const CONFIGURATION = [...PARSER, "convict", "lodash.clonedeep", "node-cron", "yargs-parser"].sort();

t.test("help and the version load the parser and nothing else", async (t) => {
  for (const args of [["help"], ["--version"], ["version"], ["run", "--help"], ["help", "config", "sign"]]) {
    t.same(loadedBy(...args), { packages: PARSER, folders: ["cli", "config", "lib"] }, args.join(" "));
  }
});

t.test("the configuration loads its schema, and no part of the pipeline", async (t) => {
  for (const what of ["check", "print", "schema", "docs"]) {
    const { packages, folders } = loadedBy("config", what);
    t.same(packages, CONFIGURATION, what);
    t.same(folders, ["cli", "config", "config/schema", "contract", "lib"], what);
  }
});

t.test("completion loads its scripts, and of the configuration the keys", async (t) => {
  t.same(loadedBy("completion", "bash").packages, ["@optique/core", ...PARSER]);
  t.same(loadedBy("complete", "bash", "analyze", "").packages, ["@optique/core", ...PARSER, "node-cron"]);
});

t.test("a daemon without console and metrics loads nothing of either", async (t) => {
  const places = [`--outbox.directory=${join(dir, "outbox")}`, `--state.directory=${join(dir, "state")}`];
  const video = await shortVideo(join(dir, "short.mp4"), 0.5);
  const source = ["--source.kind=file", `--source.uri=${video}`, "--recognition.providers=cpu"];
  const { packages, folders } = loadedBy("run", ...source, ...places, "--mqtt.embeddedPort=0", "--log.level=error");
  t.ok(folders.includes("daemon"));
  t.same(
    [...packages, ...folders].filter((name) => /^(prom-client|fastify|@fastify|metrics|console|history)/.test(name)),
    [],
  );
});

t.test("an export loads neither OpenCV nor ONNX Runtime", async (t) => {
  const folder = join(dir, "results");
  mkdirSync(folder);
  writeFileSync(join(folder, "summary.json"), JSON.stringify({ schema: "flinch/analysis_summary/1", video: "a.mp4" }));
  for (const name of ["events", "movements"]) writeFileSync(join(folder, `${name}.ndjson`), "");
  const { packages, folders } = loadedBy("export", folder, "--to", "csv,json,parquet,srt,eaf");
  t.ok(packages.includes("csv-stringify"));
  t.same(folders, ["archive", "cli", "config", "config/schema", "contract", "lib"]);
});

t.test("a collector alone loads its databases' packages, and only the one that it writes to", async (t) => {
  const before = loadedBy("config", "check").packages;
  const file = join(dir, "fleet.duckdb");
  await (await openDatabase({ kind: "duckdb", file })).close();
  const { packages, folders } = loadedBy("collect", "--gaps", "--to", `duckdb:${file}`);
  t.ok(packages.includes("@duckdb/node-api"));
  for (const unwanted of ["pg", "aedes", "@u4/opencv4nodejs", "onnxruntime-node", "@photostructure/sqlite"])
    t.notOk(packages.includes(unwanted), unwanted);
  t.notOk(before.includes("@duckdb/node-api"));
  for (const unwanted of ["capture", "daemon", "outbox", "pipeline"]) t.notOk(folders.includes(unwanted), unwanted);
});
