import type { Estimate } from "./bootstrap.js";
import { cohenKappa, krippendorffAlpha } from "./reliability.js";
import type { Label } from "./types.js";

const MARKS = ["onsetMs", "apexMs", "offsetMs"] as const;

/** How far apart the marks of two reviewers lie. */
export interface MarkDifference {
  /** Median of the absolute differences, milliseconds; null where no two reviewers marked it. */
  readonly medianMs: number | null;
  /** Pairs of marks compared. */
  readonly pairs: number;
}

type Marks = Readonly<Record<(typeof MARKS)[number], MarkDifference>>;

/** How far two reviewers agree. */
export interface PairAgreement {
  readonly reviewers: readonly [string, string];
  /** Cohen's kappa of their decisions. */
  readonly kappa: Estimate;
  /** Share of movements of which both say the same, 0…1; null where there is none that both labelled. */
  readonly raw: number | null;
  readonly marks: Marks;
}

/** How far all reviewers agree. */
export interface Agreement {
  /** In order of their names. */
  readonly reviewers: readonly string[];
  /** Krippendorff's alpha of their decisions. */
  readonly alpha: Estimate;
  /** Share of pairs of labels of one movement that say the same, 0…1; null where there is none. */
  readonly raw: number | null;
  readonly marks: Marks;
  /** Every two reviewers who labelled a movement both. */
  readonly pairs: readonly PairAgreement[];
}

/** What each reviewer says of each movement: the latest version, if it is not withdrawn. */
function byMovement(labels: readonly Label[]): Map<string, Map<string, Label>> {
  const movements = new Map<string, Map<string, Label>>();
  for (const label of [...labels].sort((a, b) => a.version - b.version)) {
    const said = movements.get(label.movement) ?? new Map<string, Label>();
    said.set(label.reviewer, label);
    movements.set(label.movement, said);
  }
  for (const said of movements.values()) {
    for (const [reviewer, { decision }] of said) if (decision === "withdrawn") said.delete(reviewer);
  }
  return movements;
}

/**
 * How far reviewers agree on what is a micro-expression, and on when it began, peaked and ended. "unsure" is a decision
 * like the others. Reviewers should not see each other's labels before.
 * @param labels as `History.currentLabels` gives them
 */
export function agreementOf(labels: readonly Label[]): Agreement {
  const movements = [...byMovement(labels).values()];
  const reviewers = [...new Set(movements.flatMap((said) => [...said.keys()]))].sort();
  const everyTwo = reviewers.flatMap((a, at) => reviewers.slice(at + 1).map((b) => [a, b] as const));
  const pairs = everyTwo.map((two) => ({ two, both: together(movements, two) })).filter(({ both }) => both.length > 0);
  const all = pairs.flatMap(({ both }) => both);
  return {
    reviewers,
    alpha: krippendorffAlpha(movements.map((said) => [...said.values()].map(({ decision }) => decision))),
    raw: rawOf(all),
    marks: marksOf(all),
    pairs: pairs.map(({ two, both }) => {
      const [a, b] = [0, 1].map((side) => both.map((labels) => labels[side]?.decision));
      return { reviewers: two, kappa: cohenKappa(a ?? [], b ?? []), raw: rawOf(both), marks: marksOf(both) };
    }),
  };
}

type Both = readonly [Label, Label];

/** What two say of each movement that both have labelled. */
function together(movements: readonly ReadonlyMap<string, Label>[], [a, b]: readonly [string, string]): Both[] {
  return movements.flatMap((said) => {
    const [left, right] = [said.get(a), said.get(b)];
    return left !== undefined && right !== undefined ? [[left, right] as const] : [];
  });
}

function rawOf(both: readonly Both[]): number | null {
  if (both.length === 0) return null;
  return both.filter(([a, b]) => a.decision === b.decision).length / both.length;
}

function marksOf(both: readonly Both[]): Marks {
  const of = (mark: (typeof MARKS)[number]): MarkDifference => {
    const apart = both.flatMap(([a, b]) => {
      const [left, right] = [a[mark], b[mark]];
      return left === null || right === null ? [] : Math.abs(left - right);
    });
    return { medianMs: medianOf(apart), pairs: apart.length };
  };
  return { onsetMs: of("onsetMs"), apexMs: of("apexMs"), offsetMs: of("offsetMs") };
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
