import t from "tap";
import { hstaEntry } from "../../src/recognition/hsta-entry.js";

const entry = {
  file: "h.onnx",
  sha256: "ab".repeat(32),
  bytes: 1,
  name: "h",
  labels: ["happy", "none"],
  valence: { happy: "positive", none: null },
  frames: 6,
  size: 112,
  crop: { leftEye: [0.32, 0.36], rightEye: [0.68, 0.36] },
  evidence: { spotter: 0.5, hsta: 1.5, bias: -1 },
  operatingPoints: { strict: 4, balanced: 2, sensitive: 0 },
};

t.test("what the manifest says of a recogniser", async (t) => {
  t.strictSame(hstaEntry({ ...entry, version: "2", multiplyAdds: 5, licence: "MIT" }), {
    labels: ["happy", "none"],
    valence: { happy: "positive", none: null },
    valences: undefined,
    actionUnits: undefined,
    attention: undefined,
    frames: 6,
    layout: { size: 112, leftEye: [0.32, 0.36], rightEye: [0.68, 0.36] },
    evidence: { spotter: 0.5, hsta: 1.5, bias: -1 },
    operatingPoints: { strict: 4, balanced: 2, sensitive: 0 },
    multiplyAdds: 5,
    version: "2",
    licence: "MIT",
  });
});

t.test("the heads that a model may have, in their order", async (t) => {
  const heads = { valences: ["positive", "surprise", "negative"], actionUnits: ["1", "12"], attention: [3, 7, 7] };
  t.match(hstaEntry({ ...entry, ...heads }), heads);
});

t.test("what may be missing", async (t) =>
  t.match(hstaEntry(entry), { version: "0", multiplyAdds: undefined, licence: undefined }),
);

t.test("what may not is named, with the file", async (t) => {
  const wrong: [key: string, value: unknown][] = [
    ["labels", undefined],
    ["labels", "none"],
    ["labels", ["happy"]],
    ["labels", ["none"]],
    ["labels", ["none", "happy", "happy"]],
    ["valence", undefined],
    ["valence", null],
    ["valences", null],
    ["valences", ["negative", "positive"]],
    ["valences", ["negative", "positive", "neutral"]],
    ["valences", ["negative", "positive", "surprise", "none"]],
    ["actionUnits", "4"],
    ["actionUnits", []],
    ["actionUnits", [4]],
    ["actionUnits", ["4", "4"]],
    ["attention", 147],
    ["attention", [7, 7]],
    ["attention", [3, 7, 0]],
    ["attention", [3, 7, 6.5]],
    ["frames", "6"],
    ["frames", 0],
    ["size", undefined],
    ["size", 8],
    ["evidence", undefined],
    ["evidence", { spotter: 1, hsta: 1 }],
    ["evidence", { spotter: 1, hsta: 1, bias: "0" }],
    ["operatingPoints", undefined],
    ["operatingPoints", { strict: 4, balanced: 2 }],
    ["operatingPoints", { strict: 1, balanced: 2, sensitive: 0 }],
    ["operatingPoints", { strict: 4, balanced: 2, sensitive: 0, lax: -2 }],
    ["crop", undefined],
    ["crop", { leftEye: [0.3, 0.4] }],
    ["crop", { leftEye: [0.3], rightEye: [0.7, 0.4] }],
    ["crop", { leftEye: [32, 36], rightEye: [68, 36] }],
  ];
  for (const [key, value] of wrong) {
    const message = new RegExp(`'h\\.onnx' needs ${key}: `);
    t.throws(() => hstaEntry({ ...entry, [key]: value }), { code: "MODEL_MANIFEST", message }, `${key} ${value}`);
  }
});
