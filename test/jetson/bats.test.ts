/** The shell scripts' own tests (test/jetson/*.bats, Debian package bats), and shellcheck over every shell file. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import t from "tap";

const root = fileURLToPath(new URL("../..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

// Hundreds of short-lived processes: on a busy machine they take longer than the runner's two minutes.
const TIMEOUT_MS = 600_000;
t.setTimeout(TIMEOUT_MS);

/** What one line of bats' TAP says of a case; undefined for a line of another kind. */
function caseOf(line: string): { passed: boolean; name: string; skip: string | false } | undefined {
  const found = /^(not )?ok \d+ (.*?)(?: # skip ?(.*))?$/.exec(line);
  if (!found) return undefined;
  return {
    passed: found[1] === undefined,
    name: found[2] ?? "",
    skip: found[3] === undefined ? false : found[3] || "skipped",
  };
}

/** The repository's shell files: their first line names a shell. Parts without one are read with what sources them. */
function shellFiles(): string[] {
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.stdout
    .split("\n")
    .filter(
      (name) =>
        name.endsWith(".bash") ||
        (/(^|\/)[^.]+$|\.(sh|bats|sbatch)$/.test(name) && /^#!.*\b((ba|da)?sh|bats)\b/.test(headOf(name))),
    );
}

function headOf(name: string): string {
  try {
    return readFileSync(`${root}/${name}`, "utf8").split("\n", 1)[0] ?? "";
  } catch {
    return ""; // Listed, but removed.
  }
}

for (const file of (await readdir(here)).filter((name) => name.endsWith(".bats"))) {
  t.test(file, { timeout: TIMEOUT_MS }, async (t) => {
    const child = spawn("bats", ["--tap", file], { cwd: here, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
    let last: { passed: boolean; name: string; skip: string | false } | undefined;
    let why: string[] = [];
    const assert = () => {
      if (last) t.ok(last.passed, last.name, { skip: last.skip });
      for (const line of last?.passed === false ? why : []) t.comment(line);
      why = [];
    };
    for await (const line of createInterface({ input: child.stdout })) {
      const next = caseOf(line);
      if (next) {
        assert();
        last = next;
      } else if (line.startsWith("#")) why.push(line.slice(2));
    }
    assert();
    t.equal(await ended, 0, said.join("\n") || "bats ended well");
    t.ok(last, "it holds a test");
  });
}

t.test("shellcheck finds nothing, not even a hint", { timeout: TIMEOUT_MS }, async (t) => {
  const files = shellFiles();
  t.ok(files.includes("scripts/jetson-setup.sh"));
  t.ok(files.includes("test/jetson/install.bats"));
  t.ok(files.includes("deploy/slurm/analyse.sbatch"));
  for (const file of files) {
    // -x -a: and in every part that it sources.
    const checked = spawnSync("shellcheck", ["-x", "-a", file], { cwd: root, encoding: "utf8" });
    t.equal(checked.error, undefined, `shellcheck runs on ${file}`);
    t.equal(checked.stdout, "", file);
  }
});
