import { createHash } from "node:crypto";
import { copyFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { hstaEntry } from "../../src/recognition/hsta-entry.js";
import { loadManifest, readModel, SHIPPED_MANIFEST } from "../../src/runtime/manifest.js";

const sha256 = createHash("sha256").update("weights").digest("hex");
const entry = { file: "a.onnx", sha256, bytes: 7, name: "a" };

/** The path of a manifest with this content, beside a model file "a.onnx" that holds the word "weights". */
function manifest(t: Test, content: unknown): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return join(t.testdir({ "manifest.json": text, "a.onnx": "weights" }), "manifest.json");
}

t.test("a model that is the one the manifest speaks of is read", async (t) => {
  const path = manifest(t, { schema: 1, models: { a: { ...entry, extra: [1] } } });
  const model = readModel(loadManifest(path), "a");
  t.equal(Buffer.from(model.bytes).toString(), "weights");
  t.equal(model.path, join(dirname(path), "a.onnx"));
  t.same(model.entry["extra"], [1], "keys of the stage that runs it are kept");
});

t.test("every shipped model is the file that the shipped manifest names", async (t) => {
  const shipped = loadManifest();
  t.equal(shipped.path, SHIPPED_MANIFEST);
  for (const key of ["faceDetection", "faceLandmark", "motion", "hsta"]) t.ok(shipped.models[key], key);
  for (const [key, { bytes }] of Object.entries(shipped.models))
    t.equal(readModel(shipped, key).bytes.length, bytes, key);
});

t.test("a manifest that cannot be read says which and why", async (t) => {
  const missing = join(t.testdir(), "none.json");
  t.throws(() => loadManifest(missing), { code: "MODEL_MANIFEST", message: /none\.json: ENOENT/ });
  t.throws(() => loadManifest(manifest(t, "{ models")), { code: "MODEL_MANIFEST", message: /manifest\.json: .*JSON/ });
});

t.test("a manifest of another schema is refused", async (t) => {
  const refused = { code: "MODEL_MANIFEST", message: /no model manifest of schema 1/ };
  for (const content of [{}, { schema: 2, models: {} }, { schema: 1 }, { schema: 1, models: null }, [], "null", "7"]) {
    t.throws(() => loadManifest(manifest(t, content)), refused, JSON.stringify(content));
  }
});

t.test("an entry without what proves its file is refused by its name", async (t) => {
  const broken = [null, "a.onnx", { ...entry, sha256: "abc" }, { ...entry, file: 3 }, { file: "a.onnx", sha256 }];
  for (const a of broken) {
    const path = manifest(t, { schema: 1, models: { a } });
    t.throws(() => loadManifest(path), { code: "MODEL_MANIFEST", message: /model 'a' lacks/ }, JSON.stringify(a));
  }
});

t.test("an unknown model is named beside the known ones", async (t) => {
  const loaded = loadManifest(manifest(t, { schema: 1, models: { b: entry, a: entry } }));
  for (const key of ["c", "constructor"]) {
    const message = new RegExp(`no model '${key}'; it has: a, b$`);
    t.throws(() => readModel(loaded, key), { code: "MODEL_MANIFEST", message });
  }
});

t.test("a missing model file is named, with what to do", async (t) => {
  const loaded = loadManifest(manifest(t, { schema: 1, models: { a: { ...entry, file: "gone.onnx" } } }));
  const missing = { code: "MODEL_MISSING", message: /'a' is missing: .*gone\.onnx \(ENOENT.*recognition\.manifest/ };
  t.throws(() => readModel(loaded, "a"), missing);
});

t.test("a model file that was changed is refused with both hashes", async (t) => {
  const path = manifest(t, { schema: 1, models: { a: entry } });
  writeFileSync(join(dirname(path), "a.onnx"), "Weights");
  const found = createHash("sha256").update("Weights").digest("hex");
  t.throws(() => readModel(loadManifest(path), "a"), {
    code: "MODEL_HASH",
    message: new RegExp(`a\\.onnx has sha256 ${found}, expected ${sha256}`),
  });
});

t.test("a manifest elsewhere finds its models beside it", async (t) => {
  const shipped = loadManifest();
  const motion = readModel(shipped, "motion");
  const path = manifest(t, { schema: 1, models: { motion: motion.entry } });
  copyFileSync(motion.path, join(dirname(path), motion.entry.file));
  t.equal(readModel(loadManifest(path), "motion").path, join(dirname(path), motion.entry.file));
});

t.test("the shipped recogniser's entry is whole", async (t) => {
  const { labels, valence, frames, layout, multiplyAdds } = hstaEntry(readModel(loadManifest(), "hsta").entry);
  t.same(Object.keys(valence).sort(), [...labels].sort(), "a valence for every label");
  t.ok(frames >= 1 && layout.size >= 16 && (multiplyAdds ?? 0) > 0);
});
