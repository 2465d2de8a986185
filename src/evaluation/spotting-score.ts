import { type ClassScores, classScores } from "./classification.js";
import { type Interval, type Match, matchIntervals } from "./match.js";
import type { Report, TrackPoint } from "./observe.js";
import { percentile } from "./percentile.js";
import { peopleOf, whoAt } from "./person.js";
import { type Act, isMicroExpression, type Truth } from "./truth.js";
import { valenceOfEmotion } from "./valence.js";

export interface Spotting extends Interval {
  readonly face: number;
  readonly apexMs: number;
}

/** Counts of one video; those of several add up. */
export interface Tally<R extends Spotting = Spotting> {
  readonly truths: number;
  readonly matches: readonly Match<Act, R>[];
  readonly missed: readonly Act[];
  readonly falseReports: readonly R[];
  /** Milliseconds that seated faces could be seen, added up. */
  readonly faceMs: number;
}

/** Who found whom, person by person; what a track of nobody reports is false. */
export function tallyOf<R extends Spotting>(
  truth: Truth,
  tracks: ReadonlyMap<number, readonly TrackPoint[]>,
  reports: readonly R[],
  faceMs: number,
): Tally<R> {
  const people = peopleOf(truth);
  const expressions = truth.events.filter(isMicroExpression);
  const owner = (report: R) => whoAt(people, tracks.get(report.face) ?? [], report.apexMs);
  const found = people.map((_, person) =>
    matchIntervals(
      expressions.filter(({ face }) => face === person),
      reports.filter((report) => owner(report) === person),
    ),
  );
  return {
    truths: expressions.length,
    matches: found.flatMap(({ matches }) => matches),
    missed: found.flatMap(({ missed }) => missed),
    falseReports: [
      ...found.flatMap(({ falseReports }) => falseReports),
      ...reports.filter((report) => owner(report) === undefined),
    ],
    faceMs,
  };
}

export function sumOf<R extends Spotting>(tallies: readonly Tally<R>[]): Tally<R> {
  return {
    truths: tallies.reduce((sum, { truths }) => sum + truths, 0),
    matches: tallies.flatMap(({ matches }) => matches),
    missed: tallies.flatMap(({ missed }) => missed),
    falseReports: tallies.flatMap(({ falseReports }) => falseReports),
    faceMs: tallies.reduce((sum, { faceMs }) => sum + faceMs, 0),
  };
}

/** The MEGC spotting challenges' measures, and those that matter in a room. Times in milliseconds. */
export interface SpottingScore {
  readonly expressions: number;
  readonly found: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly falsePerHour: number;
  /** Medians of the absolute errors of what was found. */
  readonly onsetErrorMs: number;
  readonly apexErrorMs: number;
  readonly offsetErrorMs: number;
}

export function spottingScore({ truths, matches, falseReports, faceMs }: Tally): SpottingScore {
  const found = matches.length;
  const error = (read: (at: { onsetMs: number; apexMs: number; offsetMs: number }) => number) =>
    percentile(
      matches.map(({ truth, report }) => Math.abs(read(report) - read(truth))),
      0.5,
    );
  return {
    expressions: truths,
    found,
    precision: found / (found + falseReports.length),
    recall: found / truths,
    f1: (2 * found) / (truths + found + falseReports.length),
    falsePerHour: falseReports.length / (faceMs / 3_600_000),
    onsetErrorMs: error(({ onsetMs }) => onsetMs),
    apexErrorMs: error(({ apexMs }) => apexMs),
    offsetErrorMs: error(({ offsetMs }) => offsetMs),
  };
}

/** Spot, then recognise: F1 of spotting times UF1 of what was found (STRS, MEGC 2022 and later). */
export interface RecognitionScore {
  readonly valence: ClassScores;
  readonly emotion: ClassScores;
  readonly strsValence: number;
  readonly strsEmotion: number;
}

export function recognitionScore(tally: Tally<Report>): RecognitionScore {
  const named = tally.matches.flatMap(({ truth, report }) =>
    report.named === undefined || truth.emotion === null ? [] : [{ meant: truth.emotion, named: report.named }],
  );
  const emotion = classScores(named.map((pair) => [pair.meant, pair.named.emotion]));
  const valence = classScores(
    named.flatMap((pair) => {
      const meant = valenceOfEmotion(pair.meant);
      return meant === undefined ? [] : [[meant, pair.named.valence] as const];
    }),
  );
  const { f1 } = spottingScore(tally);
  return { valence, emotion, strsValence: f1 * valence.uf1, strsEmotion: f1 * emotion.uf1 };
}
