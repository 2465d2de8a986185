import type { MotionHistory } from "./history.js";
import type { MotionSample } from "./motion-sample.js";

/** Half the span over which a movement is compared; near half of a micro-expression of 65-500 ms. */
export const HALF_SPAN_MS = 200;

export const displacementOf = (sample: MotionSample): Float64Array => sample.displacement;
export const headOf = (sample: MotionSample): Float64Array => sample.head;

/** How a vector of the face stands at a moment against half a span before and after. */
export interface FeatureDifference {
  /** Now minus before. */
  readonly rise: Float64Array;
  /** Now minus after. */
  readonly fall: Float64Array;
  /** Now minus the mean of before and after: the feature difference of Moilanen, Zhao and Pietikäinen (2014). */
  readonly height: Float64Array;
}

export function featureDifferenceAt(
  history: MotionHistory,
  timeMs: number,
  read: (sample: MotionSample) => Float64Array,
  halfMs = HALF_SPAN_MS,
): FeatureDifference {
  const now = history.at(timeMs, read);
  const minus = (other: Float64Array) => now.map((value, i) => value - (other[i] as number));
  const rise = minus(history.at(timeMs - halfMs, read));
  const fall = minus(history.at(timeMs + halfMs, read));
  return { rise, fall, height: rise.map((value, i) => (value + (fall[i] as number)) / 2) };
}

/** Lengths of the (x, y) pairs of a vector. */
export function lengths(vector: Float64Array): Float64Array {
  return Float64Array.from({ length: vector.length / 2 }, (_, i) =>
    Math.hypot(vector[2 * i] as number, vector[2 * i + 1] as number),
  );
}

/**
 * How far a group of regions rose and came back, over its noise: the smaller of the two, along the direction in which
 * the group stands out. A step, a drift and the moments beside an expression score nothing, whatever their size.
 * @param sigma noise of a region.
 */
export function returningScore(
  difference: FeatureDifference,
  regions: readonly number[],
  sigma: (region: number) => number,
): number {
  let [rise, fall, norm] = [0, 0, 0];
  for (const region of regions) {
    const s = sigma(region);
    for (const axis of [2 * region, 2 * region + 1]) {
      const height = (difference.height[axis] as number) / s;
      rise += (height * (difference.rise[axis] as number)) / s;
      fall += (height * (difference.fall[axis] as number)) / s;
      norm += height * height;
    }
  }
  if (norm === 0) return 0;
  // Regions that move together are no independent witnesses: n of them count as their root.
  return Math.max(0, Math.min(rise, fall)) / Math.sqrt(norm) / regions.length ** 0.25;
}
