import { join } from "node:path";
import t, { type Test } from "tap";
import { loadConfig } from "../../src/config/index.js";
import { reportLevels } from "../../src/contract/statement.js";
import { openModels } from "../../src/pipeline/assemble.js";
import { contentsOf, requireHeads } from "../../src/recognition/heads.js";
import { hstaEntry } from "../../src/recognition/hsta-entry.js";
import { loadManifest } from "../../src/runtime/manifest.js";
import { type Head, said, saidModels } from "../support/said.js";

const all = ["valence", "actionUnits", "attention"] as const;

function entryWith(t: Test, heads: readonly Head[], changes: Readonly<Record<string, unknown>> = {}) {
  const entry = loadManifest(saidModels(t.testdir(), heads, changes)).models["hsta"];
  if (entry === undefined) throw new Error("no entry");
  return hstaEntry(entry);
}

t.test("what events say follows from the level, the model and the wish for attention", async (t) => {
  const whole = entryWith(t, all);
  const contents = (attention: boolean) => reportLevels.map((report) => contentsOf(whole, { report, attention }));
  t.strictSame(contents(false), [["emotion", "valence", "action_units"], ["valence"], ["action_units"], []]);
  t.strictSame(contents(true), [
    ["emotion", "valence", "action_units", "attention"],
    ["valence", "attention"],
    ["action_units", "attention"],
    [],
  ]);
  const old = entryWith(t, []);
  t.strictSame(contentsOf(old, { report: "emotion", attention: false }), ["emotion", "valence"]);
});

t.test("a model without the new heads still gives emotion, valence and motion", async (t) => {
  const old = entryWith(t, []);
  for (const report of ["emotion", "valence", "motion"] as const) {
    t.doesNotThrow(() => requireHeads(old, { report, attention: false }, "hsta"), report);
  }
  t.doesNotThrow(() => requireHeads(old, { report: "motion", attention: true }, "hsta"), "which shows no attention");
});

t.test("what a model cannot give is refused, with the key that asks and the key that lacks", async (t) => {
  const old = entryWith(t, []);
  const refused = (message: RegExp) => ({ code: "MODEL_HEAD", message });
  t.throws(
    () => requireHeads(old, { report: "action_units", attention: false }, "old"),
    refused(/^recognition\.report action_units needs .*actionUnits.*'old' has none; set recognition\.report to motion/),
  );
  for (const report of ["emotion", "valence"] as const) {
    t.throws(
      () => requireHeads(old, { report, attention: true }, "old"),
      refused(/^recognition\.attention needs .*attention.*'old'/),
      report,
    );
  }
  const without = { ...old, valence: { ...old.valence, happy: null } };
  t.throws(
    () => requireHeads(without, { report: "valence", attention: false }, "old"),
    refused(/^recognition\.report valence needs .*valences/),
    "nothing to sum a positive valence from",
  );
});

t.test("a graph that is not as its entry says is found out at the start", async (t) => {
  const { config } = loadConfig({ argv: ["--recognition.providers=cpu"] });
  const open = (manifest: string) => openModels({ ...config, recognition: { ...config.recognition, manifest } });
  const cases: [heads: Head[], changes: Readonly<Record<string, unknown>>, message: RegExp][] = [
    [[], { valences: Object.keys(said.valence) }, /said\.onnx: output 'valence' is missing, .*\[1, 3\]/],
    [["actionUnits"], { actionUnits: ["1", "2"] }, /output 'action_units' is of shape \[1, 3\], .*\[1, 2\]/],
    [["attention"], { attention: [3, 7, 7] }, /output 'attention' is of shape \[1, 1, 2, 2\], .*\[1, 3, 7, 7\]/],
    [[], { labels: ["happy", "none"] }, /output 'probabilities' is of shape \[1, 8\], .*\[1, 2\]/],
  ];
  for (const [i, [heads, changes, message]] of cases.entries()) {
    const manifest = saidModels(join(t.testdirName, String(i)), heads, changes);
    await t.rejects(open(manifest), { code: "MODEL_UNUSABLE", message }, String(message));
  }
  const models = await open(saidModels(join(t.testdirName, "whole")));
  await models.close();
});
