import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { missingPackages } from "../../scripts/setup/debian.mjs";
import { nodeFitness } from "../../scripts/setup/node.mjs";
import { filesBelow, hashOf, Stamp } from "../../scripts/setup/stamp.mjs";
import { execute } from "../../scripts/setup/steps.mjs";

test("a stamp changes with a file, its name, and whatever else the step depends on", async (t) => {
  const folder = t.testdir({ src: { "a.ts": "1", deep: { "b.ts": "2" } } });
  const files = () => filesBelow(join(folder, "src"));
  const first = hashOf(files(), "x64");
  t.equal(hashOf(files(), "x64"), first);
  t.not(hashOf(files(), "arm64"), first);
  writeFileSync(join(folder, "src/deep/b.ts"), "3");
  t.not(hashOf(files(), "x64"), first);
});

test("a stamp remembers over processes", async (t) => {
  const file = join(t.testdir(), "deep/stamp");
  t.notOk(new Stamp(file).matches("a"), "never written");
  new Stamp(file).write("a");
  t.ok(new Stamp(file).matches("a"));
  t.notOk(new Stamp(file).matches("b"));
});

test("only missing Debian packages are named", async (t) => {
  t.same(missingPackages(["libc6", "no-such-package-as-this"]), ["no-such-package-as-this"]);
});

test("a program that fails is reported with what it said", async (t) => {
  await t.rejects(execute(process.execPath, ["-e", "console.log('reason'); process.exit(4)"]), {
    message: /ended with 4:\nreason/,
  });
});

test("a Node.js that is too old is refused, one that nobody mends any more is told", async (t) => {
  const on = (day: string) => new Date(`${day}T12:00:00Z`);
  t.match(nodeFitness("18.20.8", on("2026-05-01")), {
    refusal: /Node\.js 20\.15 or newer is needed, this is 18\.20\.8/,
  });
  t.match(nodeFitness("20.9.0", on("2026-05-01")), { refusal: /20\.15/ });
  t.match(nodeFitness("20.20.2", on("2026-05-01")), {
    refusal: undefined,
    notice: /20 is out of support since 2026-04-30/,
  });
  t.same(nodeFitness("20.20.2", on("2026-04-30")), {});
  t.same(nodeFitness("24.21.0", on("2026-05-01")), {});
  t.same(nodeFitness("99.0.0", on("2026-05-01")), {}, "one that is not known is nobody's business");
});
