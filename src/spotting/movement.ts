import { lengths } from "./feature-difference.js";
import type { Shape } from "./shape.js";
import type { Candidate, SpottingSettings, Suppression } from "./spotter.js";

/** How much of the past of a face's motion a spotter keeps. */
export const HISTORY_MS = 3000;
/** Thousandths of the eye distance that are always noise. */
export const FLOOR = 1.2;
/** The ends of a slow movement drown in noise, so its length is uncertain. */
export const LENGTH_TOLERANCE = 1.4;
/** From so many times its noise on, a channel says something of the movement's direction. */
const TELLING = 2;
/** A region has moved if it moved so many times its noise. */
const CLEAR = 3;

/** Noise of a region, thousandths of the eye distance. */
type Sigma = (region: number) => number;

/** Why a movement of this length is no micro-expression; undefined where its length is one's. */
export function lengthRefusal(
  ms: number,
  { minMs, maxMs }: Pick<SpottingSettings, "minMs" | "maxMs">,
): Suppression | undefined {
  if (ms < minMs) return "too_short";
  return ms > LENGTH_TOLERANCE * maxMs ? "too_long" : undefined;
}

/**
 * Weights along a movement's own direction, a matched filter: channels that stand out from their noise count, by its
 * square; the others not at all.
 * @param moved x and y of every region
 * @param counts which regions may
 */
export function directionOf(moved: Float64Array, sigma: Sigma, counts = (_region: number) => true): Float64Array {
  const sizes = lengths(moved);
  return moved.map((value, i) => {
    const region = i >> 1;
    const noise = sigma(region);
    return (sizes[region] as number) > TELLING * noise && counts(region) ? value / (noise * noise) : 0;
  });
}

/** Regions that moved clearly, the one first that stands out most, with how far. */
export function regionsMoved(names: readonly string[], moved: Float64Array, sigma: Sigma): Candidate["regions"] {
  const sizes = lengths(moved);
  return names
    .map((name, r) => ({ name, size: sizes[r] as number, times: (sizes[r] as number) / sigma(r) }))
    .filter(({ times }) => times >= CLEAR)
    .sort((p, q) => q.times - p.times)
    .map(({ name, size }) => ({ name, displacement: rounded(size, 1) }));
}

type Marks = Pick<Shape, "onsetMs" | "apexMs" | "offsetMs">;

/** Onset, apex and offset to a tenth of a millisecond. */
export function roundedMarks({ onsetMs, apexMs, offsetMs }: Marks): Marks {
  return { onsetMs: rounded(onsetMs, 1), apexMs: rounded(apexMs, 1), offsetMs: rounded(offsetMs, 1) };
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
