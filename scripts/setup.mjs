/**
 * `npm run setup`: from a fresh clone to a Flinch that runs. Debian packages and npm packages (side by side), then
 * the OpenCV binding and the TypeScript build (side by side). A step that has nothing to do takes no time, so every
 * other command starts with this one. Plain Node.js: nothing is installed when it begins.
 *
 *   node scripts/setup.mjs [--test | --test-long]
 *
 *   --test        also what only the tests need
 *   --test-long   also what only the long tests need
 */
import { readFileSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { LONG_TEST_PACKAGES, prepareInstall, RUN_PACKAGES, TEST_PACKAGES } from "./setup/debian.mjs";
import { dropOtherSystems, removeIncomplete } from "./setup/natives.mjs";
import { nodeFitness } from "./setup/node.mjs";
import { filesBelow, hashOf, Stamp } from "./setup/stamp.mjs";
import { execute, step } from "./setup/steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** onnxruntime-node's install script would fetch CUDA libraries; no other package needs its script either. */
const npmEnvironment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };

async function npmPackages() {
  const stamp = new Stamp("node_modules/.flinch/packages");
  const wanted = hashOf(["package-lock.json"], process.versions.modules, process.arch);
  if (stamp.matches(wanted)) return undefined;
  removeIncomplete("node_modules");
  // Not `npm ci`: that empties node_modules first, and with it goes the OpenCV binding. The versions are the lock's.
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  await execute("npm", ["install", ...options], { env: npmEnvironment });
  dropOtherSystems("node_modules");
  stamp.write(wanted);
  const names = Object.keys(JSON.parse(readFileSync("package-lock.json", "utf8")).packages);
  return `${names.length - 1} in place`;
}

async function openCvBinding() {
  const { buildOpencvBinding } = await import("./build-opencv-binding.mjs");
  return (await buildOpencvBinding()) ? "built" : undefined;
}

async function typeScript() {
  const stamp = new Stamp("dist/.stamp");
  const wanted = hashOf(["tsconfig.json", "package-lock.json", "scripts/build-web.mjs", ...filesBelow("src")]);
  if (stamp.matches(wanted)) return undefined;
  // Beside the old one, which stays until the new one is whole.
  const fresh = "dist.new";
  rmSync(fresh, { recursive: true, force: true });
  await execute(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json", "--outDir", fresh]);
  const { buildWeb } = await import("./build-web.mjs");
  await buildWeb(fresh);
  rmSync("dist", { recursive: true, force: true });
  renameSync(fresh, "dist");
  stamp.write(wanted);
  return "built";
}

async function setup(packages) {
  const installDebian = prepareInstall(packages);
  const debian = step("Debian packages", installDebian);
  const npm = step("npm packages", npmPackages);
  const build = npm.then(() => step("TypeScript", typeScript));
  const binding = Promise.all([debian, npm]).then(() => step("OpenCV binding", openCvBinding));
  // All of them, because a failed one must not cut off an installation under way.
  const ended = await Promise.allSettled([debian, npm, build, binding]);
  const failed = ended.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

const { refusal, notice } = nodeFitness(process.versions.node);
if (refusal) {
  console.error(`flinch: ${refusal}`);
  process.exit(1);
}
if (notice) console.error(`flinch: ${notice}`);
const packages = [...RUN_PACKAGES];
if (process.argv.includes("--test-long")) packages.push(...TEST_PACKAGES, ...LONG_TEST_PACKAGES);
else if (process.argv.includes("--test")) packages.push(...TEST_PACKAGES);
try {
  await setup(packages);
} catch (thrown) {
  console.error(`flinch: set-up failed: ${thrown.message}`);
  process.exit(1);
}
