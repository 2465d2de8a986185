import type { FaceObservation } from "../../face/observation.js";
import type { Spotting } from "../spotting-score.js";

/** Crops nearer to each other are skipped: 30 frames a second, as of the long videos that the papers worked on. */
export const EVERY_MS = 33;
/** Half the length of a micro-expression: how far the papers' "k" reaches. */
export const HALF_MS = 150;

/** A published spotter on the crops of one face; it looks at a whole video before it decides, as in the papers. */
export interface BaselineTrack {
  observe(observation: FaceObservation): Promise<void>;
  /** What it spots at a sensitivity; can be asked again and again. */
  spot(sensitivity: number): readonly Spotting[];
}

export interface Baseline {
  readonly name: string;
  /** From which one is chosen on the tuning people. */
  readonly sensitivities: readonly number[];
  newTrack(face: number): BaselineTrack;
  close(): Promise<void>;
}

/** A measure over time. */
export interface Series {
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

/** The mean of the largest third: a movement touches a part of the face. */
export function largestThird(values: readonly number[]): number {
  const sorted = [...values].sort((p, q) => q - p).slice(0, Math.ceil(values.length / 3));
  return sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
}

/** Each value less the mean of those half a span before and after; what falls below is nothing. */
export function contrasted({ timesMs, values }: Series, halfMs: number): number[] {
  const at = (timeMs: number) => values[nearestIndex(timesMs, timeMs)] ?? 0;
  return values.map((value, i) => {
    const timeMs = timesMs[i] as number;
    return Math.max(0, value - (at(timeMs - halfMs) + at(timeMs + halfMs)) / 2);
  });
}

/**
 * Peaks above mean + p · (max − mean) over the whole video, the highest first, none nearer than half a span to a higher
 * one; each stands for half a span before and after it.
 * @param p 0…1
 */
export function peaksAbove(face: number, { timesMs, values }: Series, p: number, halfMs: number): Spotting[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const threshold = mean + p * (Math.max(...values) - mean);
  const order = values.flatMap((value, i) => (value >= threshold && value > 0 ? [i] : []));
  order.sort((i, j) => (values[j] as number) - (values[i] as number));
  const peaks: number[] = [];
  for (const i of order) {
    const timeMs = timesMs[i] as number;
    if (peaks.every((peak) => Math.abs(peak - timeMs) > halfMs)) peaks.push(timeMs);
  }
  return peaks
    .sort((p, q) => p - q)
    .map((apexMs) => ({ face, onsetMs: apexMs - halfMs, apexMs, offsetMs: apexMs + halfMs }));
}

/** Index of the entry nearest to a time. */
export function nearestIndex(timesMs: readonly number[], timeMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] as number) < timeMs) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [timesMs[low - 1] ?? -Infinity, timesMs[low] ?? Infinity];
  return timeMs - before < after - timeMs ? low - 1 : Math.min(low, timesMs.length - 1);
}
