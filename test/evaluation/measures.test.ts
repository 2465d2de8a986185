import { test } from "tap";
import { percentile } from "../../src/evaluation/percentile.js";
import { valenceOfEmotion } from "../../src/evaluation/valence.js";

test("a percentile is a value that occurred", async (t) => {
  const values = [30, 10, 20];
  t.equal(percentile(values, 0.5), 20);
  t.equal(percentile(values, 0.95), 30);
  t.equal(percentile(values, 0), 10);
  t.same(values, [30, 10, 20], "the values keep their order");
  t.ok(Number.isNaN(percentile([], 0.95)));
});

test("emotions have the valence of MEGC 2019", async (t) => {
  t.equal(valenceOfEmotion("fear"), "negative");
  t.equal(valenceOfEmotion("happy"), "positive");
  t.equal(valenceOfEmotion("surprise"), "surprise");
  t.equal(valenceOfEmotion("others"), undefined);
});
