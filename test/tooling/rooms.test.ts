import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import t from "tap";
import rules, { ROOMS } from "../../.dependency-cruiser.mjs";
import { drawn, reduced } from "../../scripts/draw-rooms.mjs";

const page = readFileSync("docs/architecture.md", "utf8");

/** Names of the rules that a made-up house breaks; files by their path, each with what it imports. */
async function broken(folder: string, files: Readonly<Record<string, readonly string[]>>): Promise<string[]> {
  for (const [path, imports] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, imports.map((name) => `import "${name}";\n`).join(""));
  }
  const { forbidden } = rules as { forbidden: IForbiddenRuleType[] };
  const { output } = await cruise(["src"], { baseDir: folder, validate: true, ruleSet: { forbidden } });
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
}

t.test("the architecture's table has every room, in the order that is checked", async (t) => {
  const rows = [...page.matchAll(/^\| `([\w.]+)\/?` \|/gm)].map(([, room]) => room);
  t.same(
    rows.filter((room) => ROOMS.flat().includes(room ?? "")),
    ROOMS.flat(),
  );
});

t.test("its drawing is what the code imports", async (t) => {
  t.equal(await drawn(page), page, "npm run rooms draws it anew");
});

t.test("an arrow that others imply is left out", async (t) => {
  const arrows = new Map([
    ["a", new Set(["b", "c"])],
    ["b", new Set(["c"])],
    ["c", new Set<string>()],
  ]);
  t.same(reduced(arrows), [
    ["a", "b"],
    ["b", "c"],
  ]);
});

t.test("arrows upwards and between stages, ways past a door, loose files and circles are refused", async (t) => {
  const house = (files: Readonly<Record<string, readonly string[]>>) => broken(t.testdir(), files);
  t.same(await house({ "src/daemon/a.ts": ["../lib/b.js"], "src/lib/b.ts": [] }), []);
  t.same(await house({ "src/lib/a.ts": ["../daemon/index.js"], "src/daemon/index.ts": [] }), ["lib-imports-downwards"]);
  t.same(await house({ "src/face/a.ts": ["../spotting/index.js"], "src/spotting/index.ts": [] }), [
    "face-imports-downwards",
  ]);
  t.same(
    await house({ "src/daemon/a.ts": ["../mqtt/index.js"], "src/mqtt/index.ts": ["./b.js"], "src/mqtt/b.ts": [] }),
    [],
  );
  t.same(await house({ "src/daemon/a.ts": ["../mqtt/b.js"], "src/mqtt/b.ts": [] }), ["by-the-door"]);
  t.same(await house({ "src/loose.ts": ["./lib/b.js"], "src/lib/b.ts": [] }), ["a-room-has-a-floor"]);
  t.ok((await house({ "src/lib/a.ts": ["./b.js"], "src/lib/b.ts": ["./a.js"] })).includes("no-circle"));
});
