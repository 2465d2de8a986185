/**
 * `npm run test:training`: the Python half (models, simulator, export). Makes training/.venv once, then lints,
 * checks types and imports and runs its tests. Not needed on the device.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareInstall, TRAINING_PACKAGES } from "./setup/debian.mjs";
import { hashOf, Stamp } from "./setup/stamp.mjs";
import { execute, step } from "./setup/steps.mjs";

const training = join(dirname(dirname(fileURLToPath(import.meta.url))), "training");
process.chdir(training);
const bin = (name) => join(training, ".venv/bin", name);

/** The first Python here that is new enough. */
function findPython() {
  for (const name of ["python3", "python3.13", "python3.12", "python3.11"]) {
    const asked = spawnSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
    if (asked.status === 0) return name;
  }
  throw new Error("Python 3.11 or newer is needed: install it (Debian 12: apt-get install python3 python3-venv)");
}

async function pythonPackages() {
  const python = findPython();
  const version = spawnSync(python, ["--version"], { encoding: "utf8" }).stdout.trim();
  const stamp = new Stamp(join(training, ".venv/.stamp"));
  const wanted = hashOf(["pyproject.toml"], version);
  if (stamp.matches(wanted)) return undefined;
  if (!existsSync(bin("python"))) await execute(python, ["-m", "venv", ".venv"]);
  await execute(bin("python"), ["-m", "pip", "install", "--quiet", "--editable", ".[dev]"]);
  stamp.write(wanted);
  return `installed for ${version}`;
}

function must(name, ...args) {
  const { status } = spawnSync(bin(name), args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(1);
}

try {
  const install = prepareInstall(TRAINING_PACKAGES);
  await step("Debian packages", install);
  await step("Python packages", pythonPackages);
} catch (thrown) {
  console.error(`flinch: set-up of training failed: ${thrown.message}`);
  process.exit(1);
}
const files = process.argv.slice(2);
if (files.length === 0) {
  // The device's own Python is held to the same rules.
  const ruled = ["--config", "pyproject.toml", ".", "../scripts/jetson"];
  must("ruff", "check", ...ruled);
  must("ruff", "format", "--check", ...ruled);
  must("mypy");
  must("lint-imports");
}
must("pytest", ...files);
