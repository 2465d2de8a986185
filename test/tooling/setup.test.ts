import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { missingPackages } from "../../scripts/setup/debian.mjs";
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
