import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { filesIn, NAMES, SmallArchive } from "./support/small-archive.js";

const archive = await SmallArchive.make(t);
const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
/** When each folder's summary was written. */
const made = (out: string) => NAMES.map((name) => statSync(join(out, name, "summary.json")).mtimeMs);

t.test("what is there is left; --resume makes anew what changed, and that alone", async (t) => {
  const out = archive.at("resumed");
  t.equal((await archive.analyse(out)).status, 0);
  const first = made(out);
  const again = await archive.analyse(out, "--resume");
  t.same([again.status, made(out)], [0, first]);
  t.match(again.output.at(-1), "3 recordings: 3 there already");

  const touched = join(archive.path, "day 1/b.mp4");
  utimesSync(touched, new Date(), new Date());
  await archive.analyse(out, "--resume");
  t.same(made(out), first, "a copy with another date is the same recording");

  await shortVideo(touched, 2);
  await archive.analyse(out);
  t.same(made(out), first, "without --resume nothing is made anew");
  const changed = await archive.analyse(out, "--resume");
  t.match(changed.output.at(-1), "1 analysed, 2 there already");
  t.same(
    made(out).map((ms, i) => ms !== first[i]),
    [false, true, false],
  );
  const stricter = await archive.analyse(out, "--resume", "--spotting.sensitivity=strict");
  t.match(stricter.output.at(-1), "3 recordings: 3 analysed", "another configuration is other results");
  t.same(
    [...filesIn(out).keys()].filter((name) => name.includes("/.")),
    [],
    "nothing is left over",
  );
});

t.test("a run that is killed leaves whole results or none, and goes on where it was", async (t) => {
  const out = archive.at("killed");
  const run = new Flinch(["analyze", archive.path, "--out", out, ...EVERY_CANDIDATE]);
  await run.logged(/^analysed/);
  await until(() => existsSync(join(out, "day 1", ".b.partial")), 60_000);
  const workers = run.workers();
  run.kill("SIGKILL");
  await run.ended;
  t.same([existsSync(join(out, "day 1/a")), existsSync(join(out, "day 1/b"))], [true, false]);
  t.equal(workers.length, 1);
  await until(() => !workers.some(runs), 10_000);
  const first = statSync(join(out, "day 1/a/summary.json")).mtimeMs;
  const resumed = await archive.analyse(out, "--resume");
  t.same([resumed.status, statSync(join(out, "day 1/a/summary.json")).mtimeMs], [0, first]);
  t.notOk(existsSync(join(out, "day 1/.b.partial")));
});

t.test("Ctrl-C drops what is under way and ends soon", async (t) => {
  const out = archive.at("stopped");
  const run = new Flinch(["analyze", archive.path, "--out", out, ...EVERY_CANDIDATE]);
  await until(() => existsSync(join(out, "day 1", ".a.partial")), 60_000);
  run.kill("SIGINT");
  t.equal(await run.ended, 1);
  t.same(readdirSync(join(out, "day 1")), []);
});
