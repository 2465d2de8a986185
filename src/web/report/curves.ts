import type { CurveSet, FaceChart } from "../../report/index.js";
import type { Group } from "../../spotting/groups.js";

type Curve = FaceChart["score"]["curve"];

/** Series over common times, seconds; null is a gap. */
export type Series = [timesS: number[], ...values: (number | null)[][]];

/** Spans without values take no bucket: between them the line breaks. */
function broken({ startsMs, widthMs }: CurveSet, columns: readonly number[][]): Series {
  const times: number[] = [];
  const values: (number | null)[][] = columns.map(() => []);
  // Buckets hold a moment each in a short recording, and lie a frame apart.
  const gaps = startsMs.slice(1).map((startMs, i) => startMs - (startsMs[i] ?? 0));
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? widthMs;
  for (const [i, startMs] of startsMs.entries()) {
    const before = startsMs[i - 1];
    if (before !== undefined && startMs - before > 4 * Math.max(usual, widthMs)) {
      times.push((before + startMs) / 2000);
      for (const column of values) column.push(null);
    }
    times.push(startMs / 1000);
    for (const [c, column] of values.entries()) column.push(columns[c]?.[i] ?? null);
  }
  return [times, ...values];
}

const scaled = (values: readonly number[], unit: number): number[] => values.map((value) => value * unit);

/** The spotter's score: its largest and its smallest value in each bucket. */
export function scoreSeries({ score }: FaceChart): Series {
  const { low, high = low } = score.curve;
  return broken(score, [scaled(high, score.unit), scaled(low, score.unit)]);
}

/** How far each group of regions was from its place at most in each bucket, thousandths of the eye distance. */
export function groupSeriesOf({ traces }: FaceChart, groups: readonly Group[]): Series {
  const far = traces.regions.map(({ x, y }) =>
    x.low.map((_, i) => Math.hypot(farthest(x, i), farthest(y, i)) * traces.unit),
  );
  const columns = groups.map(({ regions }) =>
    traces.startsMs.map((_, i) => Math.max(0, ...regions.map((r) => far[r]?.[i] ?? 0))),
  );
  return broken(traces, columns);
}

const farthest = ({ low, high = low }: Curve, i: number): number =>
  Math.max(Math.abs(low[i] ?? 0), Math.abs(high[i] ?? 0));
