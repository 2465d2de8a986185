/** A stretch of time in milliseconds from the start of the stream. */
export interface Interval {
  readonly onsetMs: number;
  readonly offsetMs: number;
}

/** One expression and the report that counts for it. */
export interface Match<T, R> {
  readonly truth: T;
  readonly report: R;
  readonly iou: number;
}

/** Who found whom: every expression is a match's or missed, every report a match's or false. */
export interface Matching<T, R> {
  readonly matches: readonly Match<T, R>[];
  readonly missed: readonly T[];
  readonly falseReports: readonly R[];
}

/** Share of the time covered by either interval that both cover, 0…1. */
export function intersectionOverUnion(a: Interval, b: Interval): number {
  const both = Math.min(a.offsetMs, b.offsetMs) - Math.max(a.onsetMs, b.onsetMs);
  if (both <= 0) return 0;
  return both / (a.offsetMs - a.onsetMs + (b.offsetMs - b.onsetMs) - both);
}

/**
 * Pairs expressions with reports one to one, best overlap first, as the MEGC spotting challenges count: a pair needs
 * an intersection over union of at least `minIou`. All intervals are of one face.
 */
export function matchIntervals<T extends Interval, R extends Interval>(
  truths: readonly T[],
  reports: readonly R[],
  minIou = 0.5,
): Matching<T, R> {
  const pairs = truths
    .flatMap((truth) => reports.map((report) => ({ truth, report, iou: intersectionOverUnion(truth, report) })))
    .filter(({ iou }) => iou >= minIou)
    .sort((a, b) => b.iou - a.iou || a.truth.onsetMs - b.truth.onsetMs || a.report.onsetMs - b.report.onsetMs);
  const found = new Set<T>();
  const used = new Set<R>();
  const matches: Match<T, R>[] = [];
  for (const pair of pairs) {
    if (found.has(pair.truth) || used.has(pair.report)) continue;
    found.add(pair.truth);
    used.add(pair.report);
    matches.push(pair);
  }
  return {
    matches: matches.sort((a, b) => a.truth.onsetMs - b.truth.onsetMs),
    missed: truths.filter((truth) => !found.has(truth)),
    falseReports: reports.filter((report) => !used.has(report)),
  };
}
