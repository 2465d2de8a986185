/**
 * `npm run test:arm64`: does Flinch install and work on arm64, the Jetson's architecture? Makes an arm64 Debian under
 * var/arm64/root, sets this working tree up in it as a user would, and runs doctor, analyze and the daemon there
 * under qemu, with the CPU provider. The events must be those that this machine finds in the same clip.
 * Takes root and an amd64 Debian; the Debian and all that is installed in it stay for the next time.
 *
 *   node scripts/test-arm64.mjs [--fresh]
 *
 *   --fresh   throw the arm64 Debian away first
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deviationsOf, differencesOf, eventsOf, LIMITS } from "./arm64/compare.mjs";
import { HOST_PACKAGES, requireHost, startEmulation } from "./arm64/host.mjs";
import { PROCESSOR } from "./arm64/processor.mjs";
import { makeRoot, ROOT } from "./arm64/root.mjs";
import { copyTree, inside, TREE } from "./arm64/tree.mjs";
import { prepareInstall } from "./setup/debian.mjs";
import { step } from "./setup/steps.mjs";

/** Four seconds of the demonstration's video with two micro-expressions: thirty take a quarter of an hour, emulated. */
const CLIP = "var/arm64/clip.mp4";
const CUT = ["-ss", "8.5", "-t", "4", "-i", "demo/video.mp4", "-c:v", "libx264", "-crf", "17", "-an"];

const DOCTOR = `node dist/main.js doctor --config config/demo.json --source.uri=${CLIP}`;
const ANALYZE = `node dist/main.js analyze ${CLIP} --config config/demo.json`;
const DAEMON = `node scripts/arm64/daemon.mjs ${CLIP}`;
/** A run that was interrupted may have left packages half installed. */
const SET_UP = "dpkg --configure -a && node scripts/setup.mjs";

const VERSIONS = `. /etc/os-release; echo "$PRETTY_NAME, $(uname -m); Node.js $(node --version), \
OpenCV $(pkg-config --modversion opencv4), ONNX Runtime $(node -p 'require("onnxruntime-node/package.json").version')"`;

/** Says what is run, runs it and says how long it took; what `run` returns. */
function told(command, run) {
  console.error(`  $ ${command}`);
  const since = Date.now();
  const output = run(command);
  console.error(`    ${((Date.now() - since) / 1000).toFixed(0)} s`);
  return output;
}

const onArm64 = (command) => told(`arm64: ${command}`, () => inside(ROOT, command));
const asked = (command) => told(`arm64: ${command}`, () => inside(ROOT, command, { output: true }));
const onThis = (command) =>
  told(command, () => execFileSync("sh", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));

/** The clip, at the same path here and there. */
function cutClip() {
  const there = join(ROOT, TREE, CLIP);
  mkdirSync(dirname(there), { recursive: true });
  execFileSync("ffmpeg", ["-v", "error", "-y", ...CUT, CLIP], { stdio: "inherit" });
  copyFileSync(CLIP, there);
  return CLIP;
}

/** How one list of events compares with amd64's, a line each; `ok` where they are alike. */
function comparison(name, amd64, arm64) {
  const differences = differencesOf(amd64, arm64);
  const { timeMs, probability } = deviationsOf(amd64, arm64);
  const most = `at most ${timeMs.toFixed(1)} ms and ${probability.toFixed(4)} in a probability apart`;
  const lines = [`${name}: ${arm64.length} events, on amd64 ${amd64.length}; ${most}`];
  return { ok: differences.length === 0, lines: [...lines, ...differences.map((difference) => `✗ ${difference}`)] };
}

async function main() {
  requireHost();
  const installHost = prepareInstall(HOST_PACKAGES);
  await step("Debian packages of this machine", installHost);
  startEmulation();
  if (process.argv.includes("--fresh")) rmSync(ROOT, { recursive: true, force: true });
  await step("arm64 Debian", makeRoot);
  await step("copy of the tree", () => copyTree(ROOT));
  await step("clip", cutClip);
  onArm64(SET_UP);
  onArm64(DOCTOR);
  const analysed = eventsOf(asked(ANALYZE));
  const received = eventsOf(asked(DAEMON));
  const versions = asked(VERSIONS);
  onThis("node scripts/setup.mjs");
  const amd64 = eventsOf(onThis(ANALYZE));

  const qemu = execFileSync("qemu-aarch64-static", ["--version"], { encoding: "utf8" }).split("\n")[0];
  const analyze = comparison("flinch analyze", amd64, analysed);
  const run = comparison("flinch run, over MQTT", amd64, received);
  const allowed = `allowed: ${LIMITS.timeMs} ms (a frame) and ${LIMITS.probability}`;
  const ok = analyze.ok && run.ok;
  console.log(["", versions.trim(), `${qemu}, ${PROCESSOR}`, ...analyze.lines, ...run.lines, allowed].join("\n"));
  console.log(`test:arm64: ${ok ? "passed" : "failed"}`);
  return ok;
}

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (thrown) {
  console.error(`flinch: test:arm64: ${thrown.message}`);
  process.exitCode = 1;
}
