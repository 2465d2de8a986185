/**
 * Lets Node.js import the tests' TypeScript: types are taken out by esbuild, and what a test imports from src/ comes
 * from dist/, where the build has put it; but from src/web, which is bundled for browsers, as it is. Starting a test file
 * so takes a fraction of what compiling all of it takes.
 */
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const SRC = new URL("../../src/", import.meta.url).href;
const WEB = new URL("web/", SRC).href;
const DIST = new URL("../../dist/", import.meta.url).href;

if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, next) {
  const relative = specifier.startsWith(".") && context.parentURL !== undefined;
  if (relative) {
    const url = new URL(specifier, context.parentURL).href;
    if (url.startsWith(SRC) && !url.startsWith(WEB)) return await next(url.replace(SRC, DIST), context);
    if (url.endsWith(".js") && context.parentURL.endsWith(".ts")) {
      const written = url.replace(/\.js$/, ".ts");
      return { url: written, format: "module", shortCircuit: true };
    }
  }
  return await next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith("file:") || !url.endsWith(".ts")) return await next(url, context);
  const { transformSync } = await import("esbuild");
  const sourcefile = fileURLToPath(url);
  const { code } = transformSync(readFileSync(sourcefile, "utf8"), {
    loader: "ts",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    sourcefile,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return { format: "module", source: code, shortCircuit: true };
}
