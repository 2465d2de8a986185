import t from "tap";
import { reportLevels } from "../../src/contract/statement.js";
import { disclose } from "../../src/pipeline/statement.js";
import type { Classification } from "../../src/recognition/classification.js";
import { sampleEvent } from "../support/event.js";
import { conforms } from "../support/schemas.js";

const verdict: Classification = {
  probabilities: { happy: 0.123456, anger: 0.5, none: 0.376544 },
  valence: { negative: 0.2, positive: 0.700049, surprise: 0.099951 },
  actionUnits: { AU4: 0.81004, AU12: 0.000049 },
  attention: { shape: [1, 2, 2], values: Float32Array.of(0.5004, 0.25, 0.125, 0.1246) },
};
const attention = { shape: [1, 2, 2], values: [0.5, 0.25, 0.125, 0.125] };
const probabilities = { happy: 0.1235, anger: 0.5, none: 0.3765 };
const valence = { negative: 0.2, positive: 0.7, surprise: 0.1 };
const actionUnits = { AU4: 0.81, AU12: 0 };

/** Nothing but what stands here may be said. */
const expected = {
  emotion: { report: "emotion", label: "anger", confidence: 0.5, none: 0.3765, probabilities, valence, actionUnits },
  valence: { report: "valence", label: "positive", confidence: 0.7, none: 0.3765, valence },
  action_units: { report: "action_units", none: 0.3765, actionUnits },
  motion: { report: "motion", none: 0.3765 },
};

for (const report of reportLevels) {
  t.test(`the level ${report} says what it may, and nothing else`, async (t) => {
    t.strictSame(disclose(verdict, { report, attention: false }), expected[report]);
    const shown = report === "motion" ? {} : { attention };
    t.strictSame(disclose(verdict, { report, attention: true }), { ...expected[report], ...shown });
  });

  t.test(`the schema lets the level ${report} say that, and nothing of another`, async (t) => {
    const { report: _, label: __, confidence: ___, probabilities: ____, valence: _____, ...envelope } = sampleEvent();
    const event = { ...envelope, ...disclose(verdict, { report, attention: true }) };
    t.equal(conforms("micro_expression", event), "");
    const everything = { ...expected.emotion, attention };
    const own = new Set(Object.keys(event));
    for (const [key, value] of Object.entries(everything).filter(([key]) => !own.has(key))) {
      t.not(conforms("micro_expression", { ...event, [key]: value }), "", `with ${key}`);
    }
    for (const key of Object.keys(expected[report]).filter((key) => report !== "emotion" || key !== "actionUnits")) {
      t.not(conforms("micro_expression", { ...event, [key]: undefined }), "", `without ${key}`);
    }
  });
}

t.test("the schema knows an emotion from a valence", async (t) => {
  const { report: _, label: __, confidence: ___, probabilities: ____, valence: _____, ...envelope } = sampleEvent();
  const event = { ...envelope, ...expected.valence };
  t.equal(conforms("micro_expression", event), "");
  t.not(conforms("micro_expression", { ...event, label: "anger" }), "");
  t.not(conforms("micro_expression", { ...event, report: "all" }), "");
});

t.test("a model that tells no action units says everything else", async (t) => {
  const { actionUnits: _, ...rest } = expected.emotion;
  const old: Classification = { ...verdict, actionUnits: undefined, attention: undefined };
  t.strictSame(disclose(old, { report: "emotion", attention: false }), rest);
});

t.test("what is to be said and is not there is no statement", async (t) => {
  const old: Classification = { ...verdict, actionUnits: undefined, attention: undefined };
  t.throws(() => disclose(old, { report: "action_units", attention: false }), { code: "MODEL_HEAD" });
  t.throws(() => disclose(old, { report: "valence", attention: true }), { code: "MODEL_HEAD" });
});
