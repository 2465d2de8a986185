import t from "tap";
import { likeliest } from "../../src/lib/likeliest.js";
import { likeliestEmotion, valenceOf } from "../../src/recognition/labels.js";
import { evenly } from "../../src/recognition/recogniser.js";

const valences = {
  disgust: "negative",
  anger: "negative",
  happy: "positive",
  surprise: "surprise",
  others: null,
  none: null,
};

t.test("valences are shares among what has a valence", async (t) => {
  const view = valenceOf({ disgust: 0.1, anger: 0.1, happy: 0.1, surprise: 0.1, others: 0.2, none: 0.4 }, valences);
  t.ok(Math.abs(view.negative - 0.5) < 1e-12);
  t.ok(Math.abs(view.positive - 0.25) < 1e-12);
  t.ok(Math.abs(view.surprise - 0.25) < 1e-12);
});

t.test("where nothing has a valence all are zero", async (t) => {
  t.same(valenceOf({ others: 0.6, none: 0.4 }, valences), { negative: 0, positive: 0, surprise: 0 });
  t.same(valenceOf({ unheard: 1 }, valences), { negative: 0, positive: 0, surprise: 0 });
});

t.test("the likeliest wins, the first of equals", async (t) => {
  t.strictSame(likeliest({ negative: 0.2, positive: 0.5, surprise: 0.3 }), ["positive", 0.5]);
  t.strictSame(likeliest({ negative: 0.4, positive: 0.2, surprise: 0.4 }), ["negative", 0.4]);
  t.strictSame(likeliest({ alone: 0 }), ["alone", 0]);
});

t.test("'none' is no emotion, however likely", async (t) => {
  t.strictSame(likeliestEmotion({ happy: 0.1, none: 0.7, sad: 0.2 }), ["sad", 0.2]);
});

t.test("moments are even from onset to offset, both included", async (t) => {
  t.same(evenly(100, 200, 5), [100, 125, 150, 175, 200]);
  t.same(evenly(100, 200, 2), [100, 200]);
  t.same(evenly(100, 200, 1), [150]);
  t.equal(evenly(0.1, 0.7, 6).at(-1), 0.7, "no rounding at the end");
});
