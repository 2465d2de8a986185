/**
 * Bundles what runs in a browser: `src/web` becomes the console's four files, and the script and the style of the page
 * of `flinch analyze --report`, below OUT_DIR/web.
 *
 *   node scripts/build-web.mjs [OUT_DIR]
 */
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the formats of exports take from Node.js, as a browser has it. */
const IN_A_BROWSER = {
  "node:timers/promises": "export const setImmediate = () => new Promise((resolve) => setTimeout(resolve));",
  // The XML writer asks it for nothing in a document without addresses to resolve.
  url: "export default {};",
  "package-version": `export const flinchVersion = () => ${JSON.stringify(versionHere())};`,
};

const standIns = {
  name: "stand-ins",
  setup(build) {
    const namespace = "stand-in";
    build.onResolve({ filter: /^(node:timers\/promises|url)$/ }, ({ path }) => ({ path, namespace }));
    build.onResolve({ filter: /\/lib\/package-version\.js$/ }, () => ({ path: "package-version", namespace }));
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: IN_A_BROWSER[path] }));
  },
};

export async function buildWeb(outDir) {
  const { build } = await import("esbuild");
  const from = join(root, "src/web");
  const to = join(outDir, "web");
  mkdirSync(to, { recursive: true });
  const options = {
    outdir: to,
    bundle: true,
    minify: true,
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "warning",
    legalComments: "none",
    tsconfig: join(from, "tsconfig.json"),
  };
  await build({ ...options, entryPoints: { console: join(from, "console.tsx") }, format: "esm" });
  // A page from file:// can import nothing.
  await build({
    ...options,
    entryPoints: { report: join(from, "report.tsx") },
    format: "iife",
    alias: { "csv-stringify/sync": "csv-stringify/browser/esm/sync" },
    plugins: [standIns],
  });
  for (const name of ["index.html", "icon.svg"]) copyFileSync(join(from, name), join(to, name));
}

function versionHere() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb(process.argv[2] ?? join(root, "dist"));
