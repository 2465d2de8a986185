import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** The user's cache, which a fresh clone has too: fetched or built once, there for the next run. */
export const KEPT = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "flinch-tests");

const firstLines = ({ message }: Error) => message.split("\n").slice(0, 2).join(" ");

/** The registry did not give a package: what needs it could not be tested. */
export class NotFetched extends Error {}

/**
 * A program of the npm registry, with all that it depends on; none of their scripts runs.
 * @returns the absolute path of the folder with its `node_modules`
 * @throws NotFetched where it is not here yet and the registry does not give it
 */
export async function npmProgram(name: string, version: string): Promise<string> {
  const kept = join(KEPT, `${name}-${version}-installed`);
  if (existsSync(kept)) return kept;
  await mkdir(KEPT, { recursive: true });
  const work = await mkdtemp(join(KEPT, ".unfinished-"));
  try {
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", work];
    await run("npm", ["install", ...options, `${name}@${version}`], { timeout: 500_000 }).catch((thrown: Error) => {
      throw new NotFetched(`npm does not install ${name}@${version}: ${firstLines(thrown)}`);
    });
    // Another test may have been faster: its copy is as good.
    await rename(work, kept).catch((thrown: unknown) => {
      if (!existsSync(kept)) throw thrown;
    });
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * A package of the npm registry, unpacked as it is: none of its scripts runs, and nothing that it depends on comes.
 * @param excluded tar's patterns of what is left out
 * @returns the absolute path of its folder
 * @throws NotFetched where it is not here yet and the registry does not give it
 */
export async function npmPackage(name: string, version: string, excluded: readonly string[] = []): Promise<string> {
  const kept = join(KEPT, `${name}-${version}`);
  if (existsSync(kept)) return kept;
  await mkdir(KEPT, { recursive: true });
  const work = await mkdtemp(join(KEPT, ".unfinished-"));
  try {
    await run("npm", ["pack", "--silent", "--pack-destination", work, `${name}@${version}`]).catch((thrown: Error) => {
      throw new NotFetched(`npm does not fetch ${name}@${version}: ${firstLines(thrown)}`);
    });
    const [archive = ""] = await readdir(work);
    const left = excluded.map((pattern) => `--exclude=${pattern}`);
    await run("tar", ["-xzf", join(work, archive), "-C", work, "--no-same-owner", ...left]);
    // Another test may have been faster: its copy is as good.
    await rename(join(work, "package"), kept).catch((thrown: unknown) => {
      if (!existsSync(kept)) throw thrown;
    });
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
