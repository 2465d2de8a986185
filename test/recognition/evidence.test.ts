import t from "tap";
import { evidenceOf } from "../../src/recognition/evidence.js";

t.test("two witnesses add up, and either can outweigh the other", async (t) => {
  t.equal(evidenceOf(0.5, 0.5), 0);
  t.ok(Math.abs(evidenceOf(0.9, 0.1) - 2 * Math.log(9)) < 1e-9);
  t.ok(Math.abs(evidenceOf(0.9, 0.9)) < 1e-9, "one for, one against");
  t.ok(evidenceOf(0.6, 0.01) > evidenceOf(0.6, 0.2));
});

t.test("one alone is never beyond a thousand to one", async (t) => {
  t.equal(evidenceOf(1, 0.5), evidenceOf(0.999, 0.5));
  t.ok(Number.isFinite(evidenceOf(1, 0)));
  t.ok(evidenceOf(1, 0) < 13.82);
  t.ok(evidenceOf(0, 1) > -13.82);
});
