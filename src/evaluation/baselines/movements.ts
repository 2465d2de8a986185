import type { Movement } from "./baseline.js";
import { GAP_MS, type Sample, type Series } from "./series.js";

/** The shortest micro-expression. */
const SHORTEST_MS = 65;
/** The longest, with what the post-processing of MEGC 2020 grants: 105 frames of 200 a second. */
const LONGEST_MS = 525;
/** Half of a micro-expression's mean length: peaks nearer than this are of one movement. */
const ONE_MOVEMENT_MS = 200;

/**
 * Runs above a threshold, those of one movement joined; what is too short or too long for a micro-expression goes.
 * He, Wang, Li and Yap (FG 2020) make their intervals of MDMD's frames in this way, but for the joining. They drop
 * what is shorter than some 235 ms; here the shortest is 65 ms, as for every spotter that is compared.
 */
export function runsAbove(series: Series, threshold: number): Movement[] {
  const joined: Movement[] = [];
  let lastPeakMs = Number.NEGATIVE_INFINITY;
  for (const run of plainRuns(series, threshold)) {
    const last = joined.at(-1);
    if (last !== undefined && run.apexMs - lastPeakMs < ONE_MOVEMENT_MS) {
      const higher = run.score > last.score ? run : last;
      joined[joined.length - 1] = { ...higher, onsetMs: last.onsetMs, offsetMs: run.offsetMs };
    } else joined.push(run);
    lastPeakMs = run.apexMs;
  }
  return joined.filter(({ onsetMs, offsetMs }) => {
    const length = offsetMs - onsetMs;
    return length >= SHORTEST_MS && length <= LONGEST_MS;
  });
}

/** Where the line through the samples is above the threshold. */
function plainRuns(series: Series, threshold: number): Movement[] {
  const runs: Movement[] = [];
  let top: Sample | undefined;
  let onsetMs = 0;
  for (const [i, sample] of series.entries()) {
    if (sample.value <= threshold) continue;
    if (top === undefined) onsetMs = crossing(sample, series[i - 1], threshold);
    if (top === undefined || sample.value > top.value) top = sample;
    const next = series[i + 1];
    if (next !== undefined && next.value > threshold && next.timeMs - sample.timeMs <= GAP_MS) continue;
    runs.push({ onsetMs, apexMs: top.timeMs, offsetMs: crossing(sample, next, threshold), score: top.value });
    top = undefined;
  }
  return runs;
}

function crossing(above: Sample, below: Sample | undefined, threshold: number): number {
  const gap = (below?.timeMs ?? Number.POSITIVE_INFINITY) - above.timeMs;
  if (below === undefined || Math.abs(gap) > GAP_MS || below.value > threshold) return above.timeMs;
  return above.timeMs + (gap * (above.value - threshold)) / (above.value - below.value);
}

/** Peaks above a threshold, of those nearer than half a span the highest, each half a span to both sides. */
export function peaksAbove(series: Series, threshold: number, halfMs: number): Movement[] {
  const peaks: Sample[] = [];
  const tops = series.filter(({ value }, i) => {
    const [before, after] = [series[i - 1]?.value ?? threshold, series[i + 1]?.value ?? threshold];
    return value > threshold && value > before && value >= after;
  });
  for (const top of tops.sort((p, q) => q.value - p.value)) {
    if (peaks.every((peak) => Math.abs(peak.timeMs - top.timeMs) >= halfMs)) peaks.push(top);
  }
  return peaks
    .sort((p, q) => p.timeMs - q.timeMs)
    .map(({ timeMs, value }) => ({
      onsetMs: timeMs - halfMs,
      apexMs: timeMs,
      offsetMs: timeMs + halfMs,
      score: value,
    }));
}
