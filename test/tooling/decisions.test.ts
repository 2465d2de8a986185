import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "tap";

const folder = fileURLToPath(new URL("../../docs/decisions", import.meta.url));
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const pages = readdirSync(folder).filter((name) => name !== "README.md");
const MUST = ["Context", "Decision", "Alternatives", "What it costs", "What would make us change it"];

test("every decision is numbered, has its sections and stands in the index", async (t) => {
  const index = read("README.md");
  for (const name of pages) {
    const number = /^\d{4}(?=-[a-z0-9-]+\.md$)/.exec(name)?.[0] ?? "no number";
    const text = read(name);
    t.ok(text.startsWith(`# ${number}: `), name);
    const sections = [...text.matchAll(/^## (.+)$/gm)].map((found) => found[1]);
    t.same(
      MUST.filter((section) => !sections.includes(section)),
      [],
      name,
    );
    t.ok(index.includes(`[${number}](${name})`), `${name} in the index`);
  }
});
