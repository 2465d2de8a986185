import type { Act } from "../evaluation/index.js";
import type { MovementResult } from "../pipeline/index.js";
import { groupsOf } from "../spotting/index.js";
import type { FaceMotion } from "./face-record.js";
import type { Inspected } from "./inspection.js";
import type { Buckets } from "./min-max-series.js";
import { rankOf } from "./movement.js";

/** Smallest and largest value of each bucket, in units of `CurveSet.unit`; `high` is missing where they are the same. */
export interface Curve {
  readonly low: readonly number[];
  readonly high?: readonly number[];
}

export interface CurveSet {
  readonly widthMs: number;
  readonly startsMs: readonly number[];
  readonly unit: number;
}

/** Displacement of a region, or of the head: to the right and down. */
export interface RegionCurves {
  readonly name: string;
  readonly group: string;
  readonly x: Curve;
  readonly y: Curve;
}

/** What the page's script draws of one face. */
export interface FaceChart {
  readonly face: number;
  readonly score: CurveSet & {
    readonly curve: Curve;
    readonly groups: readonly string[];
    readonly tags: readonly number[];
  };
  readonly traces: CurveSet & { readonly regions: readonly RegionCurves[] };
}

/** A movement as a place in the chart; everything else about it stands in its row of the table. */
export interface Mark {
  /** Number of its row, from 1. */
  readonly row: number;
  readonly face: number;
  readonly verdict: MovementResult;
  readonly rank: 0 | 1 | 2;
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
  readonly score: number;
  readonly regions: readonly string[];
}

/** All that the page's script knows. */
export interface ChartData {
  readonly durationMs: number;
  readonly threshold: number;
  readonly faces: readonly FaceChart[];
  readonly marks: readonly Mark[];
  readonly truth: readonly Pick<Act, "kind" | "onsetMs" | "apexMs" | "offsetMs" | "emotion" | "actionUnits">[];
}

const SCORE_UNIT = 0.01;
const TRACE_UNIT = 0.1;
/** The head's translation is drawn beside the regions. */
const HEAD = "head";

export function chartDataOf(
  { faces, movements, frames }: Inspected,
  regions: readonly string[],
  threshold: number,
  truth: readonly Act[] = [],
): ChartData {
  return {
    durationMs: frames.lastMs,
    threshold,
    faces: faces.map((motion) => faceChart(motion, regions)),
    marks: movements.map(({ face, verdict, apexMs, onsetMs, offsetMs, score, regions }, i) => ({
      row: i + 1,
      face,
      verdict,
      rank: rankOf({ verdict }),
      onsetMs: onsetMs ?? apexMs,
      apexMs,
      offsetMs: offsetMs ?? apexMs,
      score,
      regions: regions.map(({ name }) => name),
    })),
    truth: truth.map(({ kind, onsetMs, apexMs, offsetMs, emotion, actionUnits }) => {
      return { kind, onsetMs, apexMs, offsetMs, emotion, actionUnits };
    }),
  };
}

function faceChart({ face, score, groups: tagged, traces }: FaceMotion, regions: readonly string[]): FaceChart {
  const curve = (i: number) => curveOf(traces, i, TRACE_UNIT);
  const groups = groupsOf(regions);
  const groupOf = (r: number) => groups.find((group) => group.regions.includes(r))?.name ?? HEAD;
  const names = traces.low.length === 0 ? [] : [...regions, HEAD];
  return {
    face,
    score: { ...setOf(score, SCORE_UNIT), curve: curveOf(score, 0, SCORE_UNIT), groups: tagged, tags: score.tags },
    traces: {
      ...setOf(traces, TRACE_UNIT),
      regions: names.map((name, r) => ({ name, group: groupOf(r), x: curve(2 * r), y: curve(2 * r + 1) })),
    },
  };
}

const setOf = ({ widthMs, startsMs }: Buckets, unit: number): CurveSet => ({ widthMs, startsMs, unit });

function curveOf({ low, high }: Buckets, channel: number, unit: number): Curve {
  const counted = (values: readonly number[] = []) => values.map((value) => Math.round(value / unit));
  const [lower, upper] = [counted(low[channel]), counted(high[channel])];
  return upper.every((value, i) => value === lower[i]) ? { low: lower } : { low: lower, high: upper };
}
