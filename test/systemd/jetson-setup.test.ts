import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const script = fileURLToPath(new URL("../../scripts/jetson-setup.sh", import.meta.url));

function run(release: string | undefined, ...args: string[]) {
  const file = join(t.testdir(release === undefined ? {} : { release }), "release");
  const env = { ...process.env, L4T_RELEASE: file, ONNXRUNTIME_SOURCE: "/nowhere/onnxruntime" };
  return spawnSync("bash", [script, ...args], { encoding: "utf8", env });
}

t.test("bash and shellcheck find nothing wrong", async (t) => {
  t.equal(spawnSync("bash", ["-n", script]).status, 0);
  const checked = spawnSync("shellcheck", [script], { encoding: "utf8" });
  if (checked.error) t.pass("shellcheck", { skip: "needs the Debian package shellcheck" });
  else t.equal(checked.stdout, "");
});

t.test("a dry run names what goes with each JetPack, and changes nothing", async (t) => {
  const known = [
    ["R35", "4.1", "JetPack 5", "1.16.3"],
    ["R36", "3.0", "JetPack 6", "1.17.3"],
    ["R36", "4.3", "JetPack 6", "1.20.1"],
    ["R39", "2.0", "JetPack 7", "1.28.0"],
  ] as const;
  for (const [major, revision, jetpack, onnxruntime] of known) {
    const release = `# ${major} (release), REVISION: ${revision}, GCID: 1, BOARD: generic, EABI: aarch64\n`;
    const { status, stdout, stderr } = run(release, "--dry-run", "--onnxruntime", "--prefix", "/nowhere/flinch");
    t.equal(status, 0, stderr);
    t.match(stdout, `L4T ${major.slice(1)}.${revision}, ${jetpack}`);
    t.match(stdout, `--branch v${onnxruntime} `);
    t.match(stdout, /would run: mkdir -p \/nowhere\/flinch/);
    t.match(stdout, /would run: .*build\.sh .*--build_nodejs .*--use_tensorrt/);
    t.match(stdout, /nothing was changed/);
    t.notMatch(stdout, /^ {3}\$/m, "no command was run");
  }
});

t.test("a check counts what is missing", async (t) => {
  const { status, stdout } = run(undefined, "--check", "--prefix", "/nowhere/flinch");
  t.equal(status, 1);
  t.match(stdout, /no Jetson/);
  t.match(stdout, /\d+ things are missing/);
  t.notMatch(stdout, /would run/);
});

t.test("it refuses what it does not know, and any machine that is no Jetson", async (t) => {
  t.match(run("# R32 (release), REVISION: 7.1\n", "--dry-run").stderr, /none of JetPack 5, 6 or 7/);
  t.match(run(undefined, "--nonsense").stderr, /unknown option '--nonsense'/);
  t.not(run(undefined).status, 0);
});
