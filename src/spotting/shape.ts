import type { MotionHistory } from "./history.js";

/** A rise and a fall around an apex. */
export interface Shape {
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
  /** Height over the lower foot, and the smaller of rise and fall over the larger: 1 for what comes back whole. */
  readonly height: number;
  readonly symmetry: number;
}

interface Point {
  readonly timeMs: number;
  readonly value: number;
}

export const LOW = 0.2;
export const HIGH = 0.6;
/** A raised-cosine flank that passes 20 % and 60 % began this many times their distance before the former. */
export const BACK = 0.9;
/** The apex lies so near to where it is said to be. */
export const NEAR_MS = 90;

/**
 * Where a flank begins: walks from the apex down to the foot, finds the crossings of 20 % and 60 % of the height and
 * goes on along them to the ground, for the start itself drowns in noise.
 * @param flank from the apex outwards.
 */
function flankStart(flank: readonly Point[]): { timeMs: number; foot: number } {
  const top = flank[0] as Point;
  const drop = top.value - Math.min(...flank.map((point) => point.value));
  let foot = top;
  for (const point of flank) {
    if (point.value < foot.value) foot = point;
    // Down and up again: what follows belongs to another movement.
    else if (top.value - foot.value > 0.5 * drop && point.value - foot.value > 0.35 * drop) break;
  }
  const height = top.value - foot.value;
  const crossing = (level: number): number => {
    const wanted = foot.value + level * height;
    for (let i = 1; i < flank.length; i++) {
      const [p, q] = [flank[i - 1] as Point, flank[i] as Point];
      if (q.value <= wanted) {
        const share = p.value === q.value ? 1 : (p.value - wanted) / (p.value - q.value);
        return p.timeMs + share * (q.timeMs - p.timeMs);
      }
    }
    return foot.timeMs;
  };
  const [low, high] = [crossing(LOW), crossing(HIGH)];
  const start = low + BACK * (low - high);
  // Not beyond the foot, where another movement may begin; the 20 % crossing itself may lie a sample past it.
  const away = (timeMs: number) => Math.abs(timeMs - top.timeMs);
  const limit = Math.max(away(foot.timeMs), away(low));
  return {
    timeMs: away(start) <= limit ? start : top.timeMs + Math.sign(start - top.timeMs) * limit,
    foot: foot.value,
  };
}

/**
 * The shape of a movement around a rough apex, along its own direction.
 * @param weights what to multiply each channel of the displacement with before adding up.
 * @param reachMs how far onset and offset may lie from the apex.
 */
export function shapeOf(
  history: MotionHistory,
  roughApexMs: number,
  weights: Float64Array,
  reachMs: { before: number; after: number },
): Shape | undefined {
  const points = history.between(roughApexMs - reachMs.before, roughApexMs + reachMs.after).map((sample) => ({
    timeMs: sample.timeMs,
    value: sample.displacement.reduce((sum, x, i) => sum + x * (weights[i] as number), 0),
  }));
  let apex = -1;
  for (const [i, point] of points.entries()) {
    if (Math.abs(point.timeMs - roughApexMs) > NEAR_MS) continue;
    if (apex < 0 || point.value > (points[apex] as Point).value) apex = i;
  }
  if (apex <= 0 || apex >= points.length - 1) return undefined;
  const top = points[apex] as Point;
  const onset = flankStart(points.slice(0, apex + 1).reverse());
  const offset = flankStart(points.slice(apex));
  const [rise, fall] = [top.value - onset.foot, top.value - offset.foot];
  if (rise <= 0 || fall <= 0) return undefined;
  return {
    onsetMs: onset.timeMs,
    apexMs: top.timeMs,
    offsetMs: offset.timeMs,
    height: Math.max(rise, fall),
    symmetry: Math.min(rise, fall) / Math.max(rise, fall),
  };
}
