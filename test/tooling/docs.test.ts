import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "tap";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
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

test("every folder and file of the source that the guide for contributors names exists", async (t) => {
  const guide = pages.find(({ name }) => name === "CONTRIBUTING.md")?.text ?? "";
  for (const [, path = ""] of guide.matchAll(/`((?:src|test|docs|scripts)\/[\w./-]+)`/g)) {
    t.ok(existsSync(join(root, path)), path);
  }
});
