import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { sensitivities } from "../../src/contract/sensitivity.js";
import { hstaEntry } from "../../src/recognition/hsta-entry.js";
import { loadManifest, SHIPPED_MANIFEST } from "../../src/runtime/manifest.js";
import { spotLayout } from "../../src/spotting/spot-net.js";
import { shippedEntry } from "../support/graphs.js";

const MEGABYTE = 1e6;
const MEBIBYTE = 2 ** 20;
const models = dirname(SHIPPED_MANIFEST);
const root = dirname(models);
const { models: entries } = loadManifest();

t.test("no graph lies in models that the manifest does not name, and all of it stays small", async (t) => {
  const named = Object.values(entries).map(({ file }) => file);
  const graphs = readdirSync(models).filter((file) => file.endsWith(".onnx"));
  t.same(graphs.sort(), named.sort());
  const size = readdirSync(models).reduce((sum, file) => sum + statSync(join(models, file)).size, 0);
  t.ok(size <= 35 * MEGABYTE, `models/ has ${(size / MEGABYTE).toFixed(1)} MB`);
});

t.test("a checkout stays small", { skip: !existsSync(join(root, ".git")) && "no checkout" }, async (t) => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  const there = files.map((file) => join(root, file)).filter((file) => existsSync(file));
  const size = there.reduce((sum, file) => sum + lstatSync(file).size, 0);
  t.ok(size <= 40 * MEBIBYTE, `${(size / MEBIBYTE).toFixed(1)} MiB of tracked files`);
});

t.test("every recogniser and the spotter say what the daemon asks of them", async (t) => {
  for (const [key, entry] of Object.entries(entries)) {
    if (!key.startsWith("hsta")) continue;
    const { evidence, operatingPoints } = hstaEntry({ ...entry });
    t.ok(evidence.spotter >= 0 && evidence.hsta > 0, `${key}: neither witness speaks against itself`);
    t.same(Object.keys(operatingPoints).sort(), [...sensitivities].sort());
    t.ok(
      operatingPoints.strict > operatingPoints.balanced && operatingPoints.balanced > operatingPoints.sensitive,
      key,
    );
  }
  t.doesNotThrow(() => spotLayout(shippedEntry("spotter")));
});
