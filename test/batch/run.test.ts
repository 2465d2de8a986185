import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readFolder } from "../../src/archive/index.js";
import { refused } from "../cli/support/refused.js";
import { flinch } from "../support/cli.js";
import { filesIn, NAMES, SmallArchive } from "./support/small-archive.js";

const archive = await SmallArchive.make(t);
const FILES = ["events.ndjson", "manifest.json", "movements.ndjson", "summary.json"];

t.test("a folder has a folder of results a recording, the same from one process and from several", async (t) => {
  writeFileSync(archive.at("people.csv"), "file,participant,session,age\nday 1/a.mp4,P1,S1,31\nb.mp4,P2,S1,\n");
  const wishes = ["--to", "parquet,csv", "--signals", "--pages", "--metadata", archive.at("people.csv")];
  const one = await archive.analyse(archive.at("one"), ...wishes);
  t.equal(one.status, 0, one.plain.join("\n"));
  t.match(one.output.at(-1), /^3 recordings: 3 analysed; \d+ events in 0\.1 of 0\.1 minutes$/);
  const several = await archive.analyse(archive.at("several"), ...wishes, "--jobs", "3");
  t.equal(several.status, 0);
  const [single, parallel] = [filesIn(archive.at("one")), filesIn(archive.at("several"))];
  t.same([...parallel.keys()].sort(), [...single.keys()].sort());
  for (const [name, content] of single) t.ok(parallel.get(name) === content, `${name} is the same`);
  for (const name of NAMES)
    for (const file of [...FILES, "events.parquet", "signals.parquet", "columns.csv", "report.html", "signals.ndjson"])
      t.ok(single.has(join(name, file)), join(name, file));
  const [, row] = (single.get("day 1/a/events.csv") ?? "").split("\n");
  t.match(row, /^a\.mp4,S1,P1,/);
  t.match(JSON.parse(single.get("day 1/a/summary.json") ?? ""), { metadata: { participant: "P1", age: "31" } });
  t.equal((await readFolder(archive.at("one/day 2/a"))).summary?.metadata, undefined);
});

t.test("shards have each recording once", async (t) => {
  const out = archive.at("shards");
  const runs = [await archive.analyse(out, "--shard", "1/2"), await archive.analyse(out, "--shard", "2/2")];
  t.same(
    runs.map(({ status }) => status),
    [0, 0],
  );
  const counts = runs.map(({ output }) => Number(/^(\d+) recordings/.exec(output.at(-1) ?? "")?.[1]));
  t.equal(counts[0] === undefined || counts[1] === undefined ? Number.NaN : counts[0] + counts[1], 3);
  t.ok(counts.every((count) => count > 0));
  const whole = filesIn(archive.at("one"));
  const found = filesIn(out);
  for (const name of NAMES)
    for (const file of ["events.ndjson", "movements.ndjson"])
      t.ok(found.get(join(name, file)) === whole.get(join(name, file)), `${name}/${file} is the same as without`);
});

t.test("exports of a whole tree keep its folders; damaged results cost themselves only", async (t) => {
  const tables = archive.at("tables");
  cpSync(archive.at("shards"), archive.at("tree"), { recursive: true });
  writeFileSync(archive.at("tree/day 1/b/events.ndjson"), "{");
  const run = await flinch("export", archive.at("tree"), "--to", "csv", "--out", tables);
  t.equal(run.status, 3);
  t.match(run.plain.join("\n"), /day 1\/b\/events\.ndjson.*\[RESULTS_UNREADABLE\]/);
  t.ok(existsSync(join(tables, "day 1/a.events.csv")) && existsSync(join(tables, "day 2/a.events.csv")));
});

t.test("what does not go together is refused at once", async (t) => {
  const usage = (args: string[], message: RegExp) => refused(t, ["analyze", ...args], message);
  await usage([archive.path], /is a folder: its recordings need --out DIR.*\[USAGE\]/);
  await usage(["a.mp4", "--jobs", "2"], /--jobs belongs to --out DIR.*\[USAGE\]/);
  await usage([archive.path, "--out", archive.at("x"), "--jobs", "0"], /--jobs '0'.*\[USAGE\]/);
  await usage([archive.path, "--out", archive.at("x"), "--shard", "3/2"], /--shard '3\/2'.*\[USAGE\]/);
  await usage([archive.path, "--out", archive.at("x"), "--to", "xls"], /no format 'xls'.*\[USAGE\]/);
  await usage([archive.path, "--out", archive.at("x"), "--thumbnails"], /--thumbnails belong to --pages.*\[USAGE\]/);
  await usage([archive.path, "--out", archive.at("x"), "--include", "*.none"], /no recording is found in.*\[USAGE\]/);
});
