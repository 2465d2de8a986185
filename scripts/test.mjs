/**
 * `npm test`: set-up with what the tests need, lint and formatting, which room imports from
 * which, types (of the tests too), then the tests.
 * `npm test -- FILE…` leaves lint and types out and runs these tests alone.
 */
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runTap } from "./run-tap.mjs";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const files = process.argv.slice(2);

function must(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(1);
}

must("scripts/setup.mjs", "--test");
if (files.length === 0) {
  // Without being told, it colours every letter when CI is set.
  const colours = process.stdout.isTTY ? [] : ["--colors=off"];
  must("node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", ...colours);
  must("node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "src", "--config", ".dependency-cruiser.mjs");
  must("node_modules/typescript/bin/tsc", "--noEmit", "-p", "test/tsconfig.json");
  must("node_modules/typescript/bin/tsc", "-p", "src/web");
}
process.exitCode = (await runTap(files)) ? 0 : 1;
