/**
 * Bundles what runs in the browser: `src/console/web` becomes four files below OUT_DIR/console/web.
 *
 *   node scripts/build-web.mjs [OUT_DIR]
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export async function buildWeb(outDir) {
  const { build } = await import("esbuild");
  const from = join(root, "src/console/web");
  const to = join(outDir, "console/web");
  mkdirSync(to, { recursive: true });
  await build({
    entryPoints: { app: join(from, "main.tsx") },
    outdir: to,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "warning",
    legalComments: "none",
    tsconfig: join(from, "tsconfig.json"),
  });
  for (const name of ["index.html", "icon.svg"]) copyFileSync(join(from, name), join(to, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb(process.argv[2] ?? join(root, "dist"));
