import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "tap";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "CODE_OF_CONDUCT.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));

test("every link within the repository leads somewhere", async (t) => {
  for (const { name, text } of pages) {
    for (const [, target = ""] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      t.ok(existsSync(join(root, dirname(name), target)), `${name}: ${target}`);
    }
  }
});

test("every npm script that is named exists", async (t) => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  for (const { name, text } of pages) {
    for (const [, script = ""] of text.matchAll(/\bnpm run ([a-z0-9:-]+)/g)) {
      t.ok(script in scripts, `${name}: npm run ${script}`);
    }
  }
});

test("every folder and file of the source that a page names exists", async (t) => {
  // The changelog speaks of what was, and docs/tensorrt.md of a file of ONNX Runtime's.
  const elsewhere = ["src/session_options_helper.cc"];
  for (const { name, text } of pages.filter((page) => page.name !== "CHANGELOG.md")) {
    for (const [, path = ""] of text.matchAll(/`((?:src|test|docs|scripts|training)\/[\w./-]+)`/g)) {
      if (!elsewhere.includes(path)) t.ok(existsSync(join(root, path)), `${name}: ${path}`);
    }
  }
});
