/**
 * `npm run test:long`: set-up with what these tests need, then the tests that take minutes, one after the other. Each
 * says what it counted on standard error.
 * `npm run test:long -- FILE…` runs these alone.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTap } from "./run-tap.mjs";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = "test/long";
const all = readdirSync(folder)
  .filter((name) => name.endsWith(".long.ts"))
  .map((name) => join(folder, name));
const files = process.argv.length > 2 ? process.argv.slice(2) : all;

const { status } = spawnSync(process.execPath, ["scripts/setup.mjs", "--test-long"], { stdio: "inherit" });
if (status !== 0) process.exit(1);
process.exitCode = (await runTap(["--timeout=3600", "--jobs=1", ...files])) ? 0 : 1;
