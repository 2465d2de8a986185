/** `npm run demo`: sets up what is missing, then runs the demonstration (src/demo/main.ts). */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

for (const [script, ...args] of [["scripts/setup.mjs"], ["dist/demo/main.js", ...process.argv.slice(2)]]) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
