/** What this machine must be and have for an arm64 Debian to run on it. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * qemu-user-static runs arm64 programs one by one, mmdebstrap makes a Debian from its packages (arch-test tells it
 * that they run here), ffmpeg cuts the clip. A whole virtual machine would need a kernel and an image of a disk for nothing more.
 */
export const HOST_PACKAGES = ["qemu-user-static", "mmdebstrap", "arch-test", "ffmpeg"];

const BINFMT = "/proc/sys/fs/binfmt_misc";
const HANDLER = "/usr/lib/binfmt.d/qemu-aarch64.conf";

/** Throws one line that says what to do, where this machine cannot run the test. */
export function requireHost() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    const instead = process.arch === "arm64" ? "this machine is arm64 itself: run npm run demo and npm test" : "";
    throw new Error(`it needs an amd64 Debian${instead && `; ${instead}`}`);
  }
  if (process.getuid?.() !== 0) {
    throw new Error("it makes a Debian of its own, which takes root: run sudo npm run test:arm64");
  }
}

/** Tells the kernel to run arm64 programs with qemu; systemd does that at its start, a machine without it never. */
export function startEmulation() {
  if (!existsSync(`${BINFMT}/register`)) execFileSync("mount", ["-t", "binfmt_misc", "binfmt_misc", BINFMT]);
  if (existsSync(`${BINFMT}/qemu-aarch64`)) return;
  const line = readFileSync(HANDLER, "utf8")
    .split("\n")
    .find((text) => text.startsWith(":qemu-aarch64:"));
  if (line === undefined) throw new Error(`${HANDLER} describes no qemu-aarch64: reinstall qemu-user-static`);
  writeFileSync(`${BINFMT}/register`, line);
}
