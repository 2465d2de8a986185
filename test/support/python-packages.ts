import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { KEPT, NotFetched } from "./npm-package.js";
import { PYTHON } from "./python.js";

const run = promisify(execFile);

const firstLines = ({ message }: Error) => message.split("\n").slice(0, 2).join(" ");

/**
 * A folder of Python packages from PyPI, installed there and nowhere else; what they depend on comes with them.
 * @param packages each as NAME==VERSION
 * @returns what PYTHONPATH is to hold
 * @throws NotFetched where they are not here yet and PyPI does not give them
 */
export async function pythonPackages(packages: readonly string[]): Promise<string> {
  const key = createHash("sha256").update(packages.join()).digest("hex").slice(0, 12);
  return await keptAs(`python-${key}`, async (work) => {
    // The virtual environment brings pip, which Debian's Python comes without.
    const venv = join(work, "venv");
    await run(PYTHON, ["-m", "venv", venv]);
    const install = ["install", "--quiet", "--only-binary", ":all:", "--target", join(work, "kept"), ...packages];
    await run(join(venv, "bin/python"), ["-m", "pip", ...install], { timeout: 500_000 });
  });
}

/**
 * A package of PyPI as its authors packed it, unpacked, and not installed.
 * @returns the path of its folder
 * @throws NotFetched
 */
export async function pythonSource(name: string, version: string): Promise<string> {
  return await keptAs(`${name}-${version}-source`, async (work) => {
    await run(PYTHON, ["-m", "venv", join(work, "venv")]);
    const download = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", work];
    await run(join(work, "venv/bin/python"), ["-m", "pip", ...download, `${name}==${version}`], { timeout: 300_000 });
    await mkdir(join(work, "kept"));
    const archive = `${name.replaceAll("-", "_")}-${version}.tar.gz`;
    await run("tar", ["-xzf", join(work, archive), "-C", join(work, "kept"), "--strip-components=1"]);
  });
}

/** Keeps what some work leaves in `kept` of a folder; nothing is kept of work that fails. */
async function keptAs(name: string, make: (work: string) => Promise<void>): Promise<string> {
  const kept = join(KEPT, name);
  if (existsSync(kept)) return kept;
  const work = join(KEPT, `.unfinished-${name}-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    await make(work).catch((thrown: Error) => {
      throw new NotFetched(`PyPI does not give ${name}: ${firstLines(thrown)}`);
    });
    // Another test may have been faster: its copy is as good.
    await rename(join(work, "kept"), kept).catch((thrown: unknown) => {
      if (!existsSync(kept)) throw thrown;
    });
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
