import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";

const FOLDERS = { ARCHIVE: "/shared/day 1", RESULTS: "/shared/results" };

/** What a program of that name, which the script finds first in its path, is called with. */
function callOf(t: Test, program: string, env: Readonly<Record<string, string>>): string[] {
  const dir = t.testdir();
  writeFileSync(join(dir, program), `#!/bin/bash\nprintf '%s\\n' "$@" >"${dir}/call"\n`);
  chmodSync(join(dir, program), 0o755);
  const { status, stderr } = spawnSync("deploy/slurm/flinch", ["analyze", "/shared/day 1"], {
    env: { ...process.env, ...FOLDERS, ...env, PATH: `${dir}:${process.env["PATH"]}` },
    encoding: "utf8",
  });
  t.equal(status, 0, stderr);
  return readFileSync(join(dir, "call"), "utf8").trimEnd().split("\n");
}

t.test("without an image, nodes run this checkout", async (t) => {
  const [program = "", ...rest] = callOf(t, "node", {});
  t.match(program, /deploy\/slurm\/\.\.\/\.\.\/dist\/main\.js$/);
  t.same(rest, ["analyze", "/shared/day 1"]);
});

t.test("an image sees the recordings, which it cannot change, the results, and no network", async (t) => {
  const dockerfile = readFileSync("container/Dockerfile", "utf8");
  const inside = ["/usr/local/bin/node", "/opt/flinch/current/dist/main.js"];
  t.ok(dockerfile.includes(inside.map((path) => `"${path}"`).join(", ")), "the program is where the image has it");
  const apptainer = callOf(t, "apptainer", { IMAGE: "/shared/flinch.sif" });
  t.same(apptainer.slice(-5), ["/shared/flinch.sif", ...inside, "analyze", "/shared/day 1"]);
  t.match(apptainer.join(" "), /--network none .*\/shared\/day 1:\/shared\/day 1:ro --bind \/shared\/results:/);
  const podman = callOf(t, "podman", { IMAGE: "localhost/flinch:local" });
  t.same(podman.slice(-6), [
    "--entrypoint",
    inside[0],
    "localhost/flinch:local",
    inside[1],
    "analyze",
    "/shared/day 1",
  ]);
  t.match(
    podman.join(" "),
    /--network none --read-only .*--workdir \/tmp .*SLURM_ARRAY_TASK_\*.*\/shared\/day 1:\/shared\/day 1:ro/,
  );
});

t.test("a merge without every task's answer says which is missing, and that the tables are not whole", async (t) => {
  const dir = t.testdir();
  mkdirSync(join(dir, "logs"));
  for (const [task, status] of [
    ["1", "0"],
    ["2", "3"],
  ])
    writeFileSync(join(dir, `logs/7_${task}.status`), `${status}\n`);
  const merge = (tasks: number, flinch: string) =>
    spawnSync("bash", ["deploy/slurm/merge.sbatch", "7", String(tasks)], {
      env: { ...process.env, RESULTS: dir, LOGS: join(dir, "logs"), TABLES: join(dir, "tables"), FLINCH: flinch },
      encoding: "utf8",
    });
  t.same([merge(1, "true").status, merge(1, "false").status], [0, 1]);
  const { status, stderr } = merge(3, "true");
  t.equal(status, 3);
  t.match(stderr, /task 2 ended with exit status 3: .*7_2\.log\n.*task 3 did not end by itself: .*7_3\.log\n$/);
});
