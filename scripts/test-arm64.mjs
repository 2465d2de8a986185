/**
 * `npm run test:arm64`: does Flinch install and work on arm64, the Jetson's architecture? Makes an arm64 Debian under
 * var/arm64/root, sets this working tree up in it as a user would, and runs doctor, analyze and the demonstration
 * there under qemu, with the CPU provider. The events must be those that this machine finds in the same video.
 * Takes root and an amd64 Debian; the Debian and all that is installed in it stay for the next time.
 *
 *   node scripts/test-arm64.mjs [--fresh]
 *
 *   --fresh   throw the arm64 Debian away first
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { deviationsOf, differencesOf, eventsOf, LIMITS } from "./arm64/compare.mjs";
import { HOST_PACKAGES, requireHost, startEmulation } from "./arm64/host.mjs";
import { makeRoot, ROOT } from "./arm64/root.mjs";
import { copyTree, inside } from "./arm64/tree.mjs";
import { prepareInstall } from "./setup/debian.mjs";
import { step } from "./setup/steps.mjs";

const DOCTOR = "node dist/main.js doctor --config config/demo.json";
const ANALYZE = "node dist/main.js analyze demo/video.mp4 --config config/demo.json";
// The daemon with its broker on the same video, held against what is to be seen in it.
const DEMO = "node dist/demo/main.js";
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

/** Prints what ran and how its events compare; true where they are alike. */
function summarise(amd64, arm64, versions) {
  const differences = differencesOf(amd64, arm64);
  const { timeMs, probability } = deviationsOf(amd64, arm64);
  const lines = [
    "",
    versions.trim(),
    execFileSync("qemu-aarch64-static", ["--version"], { encoding: "utf8" }).split("\n")[0],
    `events of the demonstration's video: ${arm64.length} on arm64, ${amd64.length} on amd64`,
    `onset, apex and offset differ by at most ${timeMs.toFixed(1)} ms (allowed: ${LIMITS.timeMs})`,
    `probabilities differ by at most ${probability.toFixed(4)} (allowed: ${LIMITS.probability})`,
    ...differences.map((difference) => `✗ ${difference}`),
    `test:arm64: ${differences.length === 0 ? "passed" : "failed"}`,
  ];
  for (const line of lines) console.log(line);
  return differences.length === 0;
}

async function main() {
  requireHost();
  const installHost = prepareInstall(HOST_PACKAGES);
  await step("Debian packages of this machine", installHost);
  startEmulation();
  if (process.argv.includes("--fresh")) rmSync(ROOT, { recursive: true, force: true });
  await step("arm64 Debian", makeRoot);
  await step("copy of the tree", () => copyTree(ROOT));
  onArm64(SET_UP);
  onArm64(DOCTOR);
  const arm64 = eventsOf(asked(ANALYZE));
  onArm64(DEMO);
  const versions = asked(VERSIONS);
  onThis("node scripts/setup.mjs");
  const amd64 = eventsOf(onThis(ANALYZE));
  return summarise(amd64, arm64, versions);
}

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (thrown) {
  console.error(`flinch: test:arm64: ${thrown.message}`);
  process.exitCode = 1;
}
