import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { dropOtherSystems, removeIncomplete } from "../../scripts/setup/natives.mjs";

const libraries = () => ({ linux: { x64: { a: "" }, arm64: { a: "" } }, darwin: { arm64: { a: "" } } });
const packages = () => ({
  "onnxruntime-node": {
    "package.json": "{}",
    dist: { "index.js": "" },
    bin: { "napi-v6": libraries(), "napi-v3": libraries() },
  },
  "@photostructure": {
    sqlite: { dist: { "index.js": "" }, prebuilds: { "linux-x64": { a: "" }, "darwin-arm64": { a: "" } } },
  },
  mqtt: { bin: { linux: { arm64: "no library" } } },
});

test("what other systems would load goes, and nothing else", async (t) => {
  const modules = t.testdir(packages());
  dropOtherSystems(modules, "linux", "x64");
  const there = (path: string) => existsSync(join(modules, path));
  for (const api of ["napi-v3", "napi-v6"]) {
    t.ok(there(`onnxruntime-node/bin/${api}/linux/x64/a`));
    t.notOk(there(`onnxruntime-node/bin/${api}/linux/arm64`));
    t.notOk(there(`onnxruntime-node/bin/${api}/darwin`));
  }
  t.ok(there("onnxruntime-node/dist/index.js"));
  t.ok(there("@photostructure/sqlite/prebuilds/linux-x64/a"));
  t.notOk(there("@photostructure/sqlite/prebuilds/darwin-arm64"));
  t.ok(there("mqtt/bin/linux/arm64"));
  dropOtherSystems(modules, "linux", "x64");
  t.ok(there("onnxruntime-node/bin/napi-v6/linux/x64/a"), "a second time changes nothing");
});

test("a package that lost this system's libraries is removed, for npm to bring it whole", async (t) => {
  const modules = t.testdir(packages());
  removeIncomplete(modules, "linux", "x64");
  t.ok(existsSync(join(modules, "onnxruntime-node")) && existsSync(join(modules, "@photostructure/sqlite")));
  dropOtherSystems(modules, "linux", "x64");
  removeIncomplete(modules, "linux", "arm64");
  t.notOk(existsSync(join(modules, "onnxruntime-node")));
  t.notOk(existsSync(join(modules, "@photostructure/sqlite")));
  t.ok(existsSync(join(modules, "mqtt")));
  removeIncomplete(join(modules, "nowhere"));
});
