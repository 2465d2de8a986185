import type { FaceMotion } from "./face-record.js";
import type { Buckets } from "./min-max-series.js";

/** Smallest and largest value of each bucket, in units of `CurveSet.unit`; `high` is missing where they are the same. */
export interface Curve {
  readonly low: readonly number[];
  readonly high?: readonly number[];
}

/** Bucket i covers `widthMs` from `startsMs[i]`. */
export interface CurveSet {
  readonly widthMs: number;
  readonly startsMs: readonly number[];
  readonly unit: number;
}

/** Displacement of a region, or of the head: to the right and down. */
export interface RegionCurves {
  readonly name: string;
  readonly x: Curve;
  readonly y: Curve;
}

/** The motion of one face over a whole recording, thinned. Times are milliseconds of the stream. */
export interface FaceChart {
  readonly face: number;
  /** When it was first and last seen. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly score: CurveSet & { readonly curve: Curve };
  readonly traces: CurveSet & { readonly regions: readonly RegionCurves[] };
}

const SCORE_UNIT = 0.01;
const TRACE_UNIT = 0.1;
/** The head's translation is drawn beside the regions. */
const HEAD = "head";

/** The motion of a face as the page holds it: whole numbers, which are short. */
export function faceChartOf({ face, fromMs, toMs, score, traces }: FaceMotion, regions: readonly string[]): FaceChart {
  const curve = (i: number) => curveOf(traces, i, TRACE_UNIT);
  const names = traces.low.length === 0 ? [] : [...regions, HEAD];
  return {
    face,
    fromMs,
    toMs,
    score: { ...setOf(score, SCORE_UNIT), curve: curveOf(score, 0, SCORE_UNIT) },
    traces: {
      ...setOf(traces, TRACE_UNIT),
      regions: names.map((name, r) => ({ name, x: curve(2 * r), y: curve(2 * r + 1) })),
    },
  };
}

const setOf = ({ widthMs, startsMs }: Buckets, unit: number): CurveSet => ({ widthMs, startsMs, unit });

function curveOf({ low, high }: Buckets, channel: number, unit: number): Curve {
  const counted = (values: readonly number[] = []) => values.map((value) => Math.round(value / unit));
  const [lower, upper] = [counted(low[channel]), counted(high[channel])];
  return upper.every((value, i) => value === lower[i]) ? { low: lower } : { low: lower, high: upper };
}
