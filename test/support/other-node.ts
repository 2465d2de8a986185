import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { delimiter, join, sep } from "node:path";
import { promisify } from "node:util";
import { pkgConfig } from "../../scripts/build-opencv-binding.mjs";
import { KEPT, npmPackage } from "./npm-package.js";
import { releaseWith } from "./release.js";

const run = promisify(execFile);
const BINDING = "@u4/opencv4nodejs";
const PACKAGE = join("node_modules", BINDING);

/** A Node.js, and what finds it first. */
export interface OtherNode {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Node.js of a version, as npm carries nodejs.org's own build for this machine.
 * @throws NotFetched where npm does not give it
 */
export async function otherNode(version: string): Promise<OtherNode> {
  const bin = join(await npmPackage(`node-${process.platform}-${process.arch}`, version), "bin");
  return { program: join(bin, "node"), env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` } };
}

/**
 * The OpenCV binding for a Node.js. It is bound to the version of V8, unlike the other native parts, so it is built once
 * for each: minutes, kept in the user's cache.
 * @returns the package's folder
 */
export async function bindingFor({ program, env }: OtherNode): Promise<string> {
  const abi = (await run(program, ["-p", "process.versions.modules"])).stdout.trim();
  if (abi === process.versions.modules) return PACKAGE;
  const inputs = [join(PACKAGE, "package.json"), "scripts/build-opencv-binding.mjs"].map((file) => readFileSync(file));
  const key = createHash("sha256").update(`${abi} ${process.arch} ${pkgConfig("--modversion")}`);
  for (const input of inputs) key.update(input);
  const kept = join(KEPT, `opencv-binding-${abi}-${key.digest("hex").slice(0, 12)}`);
  if (existsSync(kept)) return kept;
  const work = await mkdtemp(join(KEPT, ".unfinished-"));
  try {
    const bare = join(work, "bare");
    const built = join(PACKAGE, "build");
    await cp(PACKAGE, bare, { recursive: true, filter: (path) => path !== built && !path.startsWith(built + sep) });
    const release = await releaseWith(join(work, "release"), { [BINDING]: bare });
    await run(program, ["scripts/build-opencv-binding.mjs"], { cwd: release, env, maxBuffer: 2 ** 26 });
    // Another test may have been faster: its build is as good.
    await rename(join(release, PACKAGE), kept).catch((thrown: unknown) => {
      if (!existsSync(kept)) throw thrown;
    });
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
