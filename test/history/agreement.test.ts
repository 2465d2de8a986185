import { randomUUID } from "node:crypto";
import t from "tap";
import { agreementOf, cohenKappa, krippendorffAlpha, type Label } from "../../src/history/index.js";
import { Random } from "../support/random.js";

/** Ratings of two observers from a table of how often which two were given. */
function fromTable(table: readonly (readonly number[])[]): [string[], string[]] {
  const [a, b]: [string[], string[]] = [[], []];
  for (const [row, counts] of table.entries()) {
    for (const [column, count] of counts.entries()) {
      for (let unit = 0; unit < count; unit++) {
        a.push(`${row}`);
        b.push(`${column}`);
      }
    }
  }
  return [a, b];
}

const digits = (value: number | null | undefined, count = 3) => value?.toFixed(count);

t.test("kappa is that of published examples", async (t) => {
  // Cohen 1960, table 2, as frequencies of 200.
  const cohen = cohenKappa(
    ...fromTable([
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ]),
  );
  t.equal(digits(cohen.value), "0.492");
  t.equal(cohen.units, 200);
  // Bonnardel's program kappa.exe: 0.654, standard error 0.062, so about 0.53 to 0.78.
  const other = cohenKappa(
    ...fromTable([
      [25, 3, 5],
      [6, 32, 8],
      [1, 0, 20],
    ]),
  );
  t.equal(digits(other.value), "0.654");
  const [low, high] = other.interval ?? [0, 0];
  t.ok(Math.abs(low - (0.654 - 1.96 * 0.062)) < 0.02, `${low}`);
  t.ok(Math.abs(high - (0.654 + 1.96 * 0.062)) < 0.02, `${high}`);
});

t.test("alpha is that of Krippendorff's examples", async (t) => {
  const split = (text: string) => text.split(" ").map((value) => (value === "." ? null : value));
  const units = (...observers: string[]) => {
    const said = observers.map(split);
    return (said[0] ?? []).map((_, unit) => said.map((observer) => observer[unit]));
  };
  // A: binary, two observers, no missing values.
  t.equal(digits(krippendorffAlpha(units("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")).value), "0.095");
  // B: nominal, two observers, no missing values.
  t.equal(digits(krippendorffAlpha(units("a a b b d c c c e d d a", "b a b b b c c c e d d d")).value), "0.692");
  // C: nominal, four observers, missing values; the last unit has one value and does not count.
  const c = krippendorffAlpha(
    units("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."),
  );
  t.equal(digits(c.value), "0.743");
  t.equal(c.units, 11);
  const [low, high] = c.interval ?? [1, 0];
  t.ok(low > 0.3 && low < 0.743 && high > 0.743 && high <= 1, `${low} ${high}`);
});

t.test("where nothing can be said of agreement, nothing is", async (t) => {
  t.strictSame(cohenKappa([], []), { value: null, interval: null, units: 0 });
  t.strictSame(krippendorffAlpha([["a"], [null, "b"], []]), { value: null, interval: null, units: 0 });
  t.match(cohenKappa(["a", "a"], ["a", "a"]), { value: null, units: 2 }, "one category");
  t.match(
    krippendorffAlpha([
      ["a", "a"],
      ["a", "a", "a"],
    ]),
    { value: null, units: 2 },
  );
  t.match(cohenKappa(["a", null, "b"], ["a", "b", undefined]), { value: null, units: 1 });
  t.match(cohenKappa(["a", "b"], ["a", "b"]), { value: 1 });
  t.match(
    krippendorffAlpha([
      ["a", "a"],
      ["b", "b"],
    ]),
    { value: 1 },
  );
});

t.test("intervals are the same every time, and hold the truth about as often as they say", async (t) => {
  const random = new Random(7);
  // Each says what is so of 72 in 100 units and guesses the others: they agree beyond chance where both do not guess.
  const draw = (size: number) => {
    const truth = Array.from({ length: size }, () => (random.uniform() < 0.5 ? "a" : "b"));
    const seen = () => truth.map((value) => (random.uniform() < 0.72 ? value : random.uniform() < 0.5 ? "a" : "b"));
    return [seen(), seen()] as const;
  };
  const truth = 0.72 ** 2;
  let held = 0;
  const runs = 60;
  for (let run = 0; run < runs; run++) {
    const [a, b] = draw(100);
    const { interval } = cohenKappa(a, b);
    if (interval !== null && interval[0] <= truth && truth <= interval[1]) held += 1;
    if (run === 0) t.strictSame(cohenKappa(a, b), cohenKappa(a, b));
  }
  t.ok(held >= 0.85 * runs, `${held} of ${runs}`);
});

/** A label that says this, with marks this far from another's. */
function label(movement: string, reviewer: string, decision: Label["decision"], apexMs: number | null = null): Label {
  const onsetMs = apexMs === null ? null : apexMs - 80;
  const rest = { note: "", at: "2026-03-02T00:00:00.000Z", version: 1, flinch: "0.1.0", model: null };
  return { id: randomUUID(), movement, reviewer, decision, onsetMs, apexMs, offsetMs: null, ...rest };
}

t.test("reviewers are compared in pairs and all together, by what they say last", async (t) => {
  const labels: Label[] = [
    label("m1", "b", "real", 100),
    label("m1", "a", "real", 110),
    label("m1", "c", "not_real"),
    label("m2", "a", "not_real"),
    label("m2", "b", "not_real"),
    label("m3", "a", "real", 500),
    label("m3", "b", "unsure", 530),
    { ...label("m3", "b", "real", 540), version: 2 },
    label("m4", "a", "real"),
    label("m4", "b", "not_real"),
    label("m5", "a", "real"),
    { ...label("m4", "c", "real"), version: 1 },
    { ...label("m4", "c", "withdrawn"), version: 2 },
  ];
  const agreement = agreementOf(labels);
  t.strictSame(agreement.reviewers, ["a", "b", "c"]);
  t.strictSame(
    agreement.pairs.map(({ reviewers }) => reviewers.join()),
    ["a,b", "a,c", "b,c"],
  );
  const [ab, ac] = agreement.pairs;
  // a: real, not, real, real; b: real, not, real, not.
  t.equal(digits(ab?.kappa.value, 4), digits((0.75 - 0.5) / 0.5, 4));
  t.equal(ab?.raw, 0.75);
  t.equal(ab?.kappa.units, 4);
  t.strictSame(ab?.marks, {
    onsetMs: { medianMs: 25, pairs: 2 },
    apexMs: { medianMs: 25, pairs: 2 },
    offsetMs: { medianMs: null, pairs: 0 },
  });
  t.match(ac, { raw: 0, kappa: { units: 1, interval: null } });
  t.equal(agreement.raw, 3 / 6);
  t.equal(agreement.alpha.units, 4);
  t.equal(
    agreement.alpha.value,
    krippendorffAlpha([
      ["real", "real", "not_real"],
      ["not_real", "not_real"],
      ["real", "real"],
      ["real", "not_real"],
    ]).value,
  );
  t.match(agreementOf([]), { reviewers: [], alpha: { value: null }, raw: null, pairs: [] });
});
