import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { filesIn } from "../batch/support/small-archive.js";
import { flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { Slurm } from "./support/slurm.js";

const TASKS = [1, 2, 3, 4];
const MINUTES = 60_000;
t.setTimeout(20 * MINUTES);

// munge and slurmd start as root only.
if (process.getuid?.() !== 0) {
  t.fail("not tested", { skip: "not tested: Slurm needs root" });
  process.exit();
}

const dir = t.testdir();
const archive = join(dir, "archive");
mkdirSync(join(archive, "day 1"), { recursive: true });
await shortVideo(join(archive, "a.mp4"), 2);
await shortVideo(join(archive, "day 1/b.mp4"), 3);
for (const name of ["c", "d", "day 1/e", "day 1/f"]) copyFileSync(join(archive, "a.mp4"), join(archive, `${name}.mp4`));

const slurm = await Slurm.start(16);
t.teardown(() => slurm.stop());

/** An archive as submit.sh submits it. */
async function submit(from: string, results: string) {
  const said = await slurm.command("deploy/slurm/submit.sh", [from, results, "4", ...EVERY_CANDIDATE]);
  const [, array = "", merge = ""] = /^array (\d+), then merge (\d+);/.exec(said) ?? [];
  const log = (task: number) => readFileSync(join(`${results}.logs`, `${array}_${task}.log`), "utf8");
  const begun = async (task: number) => {
    await until(() => existsSync(join(`${results}.logs`, `${array}_${task}.log`)), 2 * MINUTES);
    await until(() => log(task).includes("models ready"), 2 * MINUTES);
  };
  const ended = async () => {
    await until(
      async () => /COMPLETED|FAILED|CANCELLED/.test((await slurm.job(merge))["JobState"] ?? ""),
      10 * MINUTES,
    );
    return await slurm.job(merge);
  };
  const tasks = () => Promise.all(TASKS.map((task) => slurm.job(`${array}_${task}`)));
  return { array, begun, log, ended, tasks };
}

/** The rows of a table, its names left out. */
const rows = (results: string, table: string) =>
  readFileSync(join(`${results}.tables`, `${table}.csv`), "utf8")
    .trim()
    .split("\n")
    .slice(1);

t.test("an array has the results of one process, whatever ends its tasks in the middle", async (t) => {
  const results = join(dir, "results");
  const { array, begun, log, ended, tasks } = await submit(archive, results);
  await begun(1);
  await slurm.killProgram(`${array}_1`);
  await begun(2);
  await slurm.command("scontrol", ["requeue", `${array}_2`]);
  await begun(3);
  // As Slurm tells a script that its time limit is near.
  await slurm.command("scancel", ["--batch", "--signal=USR1", `${array}_3`]);

  const merge = await ended();
  t.match(merge, { JobState: "COMPLETED", ExitCode: "0:0" }, "the merge waits for all of them");
  const after = await tasks();
  t.same(
    after.map(({ JobState, ExitCode, Restarts }) => [JobState, ExitCode, Restarts]),
    [1, 1, 1, 0].map((restarts) => ["COMPLETED", "0:0", String(restarts)]),
  );
  t.match(log(1), /exit status 137: requeued/);
  t.match(log(3), /the time limit is near, exit status \d+: requeued/);

  const single = join(dir, "single");
  t.equal((await flinch("analyze", archive, "--out", single, "--to", "parquet", ...EVERY_CANDIDATE)).status, 0);
  const [one, several] = [filesIn(single), filesIn(results)];
  t.same([...several.keys()].sort(), [...one.keys()].sort());
  for (const [name, content] of one) t.ok(several.get(name) === content, `${name} is the same, byte for byte`);
  const recordings = rows(results, "recordings");
  t.equal(recordings.length, 6);
  t.ok(rows(results, "events").length > 0);
  process.stderr.write(`slurm: ${recordings.length} recordings in 4 tasks, 3 of them ended in the middle\n`);
});

t.test("what cannot be analysed is not tried again, and the merge says so", async (t) => {
  const [from, results] = [join(dir, "partly"), join(dir, "partly-results")];
  mkdirSync(from);
  for (const name of ["a", "b", "c", "d"]) copyFileSync(join(archive, "a.mp4"), join(from, `${name}.mp4`));
  // Without a length, it goes to the first task.
  writeFileSync(join(from, "broken.mp4"), "no video");
  const { ended, tasks } = await submit(from, results);
  t.match(await ended(), { JobState: "FAILED", ExitCode: "3:0" });
  const after = await tasks();
  t.same(
    after.map(({ ExitCode, Restarts }) => `${ExitCode} ${Restarts}`).sort(),
    ["0:0 0", "0:0 0", "0:0 0", "3:0 0"],
    "one task failed, and none was requeued",
  );
  t.equal(rows(results, "recordings").length, 4, "the tables have the others");
});

t.test("a wrong call submits nothing", async (t) => {
  for (const args of [[], [archive], [archive, join(dir, "x"), "none"]])
    t.match(spawnSync("deploy/slurm/submit.sh", args, { env: slurm.environment, encoding: "utf8" }), {
      status: 2,
      stderr: /^usage: submit\.sh ARCHIVE RESULTS/,
    });
});
