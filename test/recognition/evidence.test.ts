import t from "tap";
import { evidenceOf } from "../../src/recognition/evidence.js";

const ALIKE = { spotter: 1, hsta: 1, bias: 0 };

t.test("two witnesses add up, and either can outweigh the other", async (t) => {
  t.equal(evidenceOf(0.5, 0.5, ALIKE), 0);
  t.ok(Math.abs(evidenceOf(0.9, 0.1, ALIKE) - 2 * Math.log(9)) < 1e-9);
  t.ok(Math.abs(evidenceOf(0.9, 0.9, ALIKE)) < 1e-9, "one for, one against");
  t.ok(evidenceOf(0.6, 0.01, ALIKE) > evidenceOf(0.6, 0.2, ALIKE));
});

t.test("one alone is never beyond a thousand to one", async (t) => {
  t.equal(evidenceOf(1, 0.5, ALIKE), evidenceOf(0.999, 0.5, ALIKE));
  t.ok(Number.isFinite(evidenceOf(1, 0, ALIKE)));
  t.ok(evidenceOf(1, 0, ALIKE) < 13.82);
  t.ok(evidenceOf(0, 1, ALIKE) > -13.82);
});

t.test("each witness counts by its weight, and the bias is added", async (t) => {
  const weights = { spotter: 0.5, hsta: 2, bias: -1 };
  const wanted = 0.5 * Math.log(9) + 2 * Math.log(4) - 1;
  t.ok(Math.abs(evidenceOf(0.9, 0.2, weights) - wanted) < 1e-9);
});
