import type { MotionSample } from "../../src/spotting/motion-sample.js";
import type { Spotted, SpottingSettings } from "../../src/spotting/spotter.js";
import { motionRegions } from "./graphs.js";
import { Random } from "./random.js";

export const regionNames = motionRegions().map((region) => region.name);

/** Settings of the spotter by rules; its learned sibling looks at some of the same. */
export const spottingSettings: SpottingSettings = {
  method: "motion",
  minProbability: 1,
  threshold: 4,
  minMs: 65,
  maxMs: 500,
  refractoryMs: 300,
  blinkGate: true,
  headMotionGate: true,
};

/** A sample from its values in a row, as training writes them: displacements, changes, head. */
export const sampleFrom = (timeMs: number, values: readonly number[]): MotionSample => ({
  timeMs,
  displacement: Float64Array.from(values.slice(0, 2 * regionNames.length)),
  change: Float64Array.from(values.slice(2 * regionNames.length, 3 * regionNames.length)),
  head: Float64Array.from(values.slice(3 * regionNames.length)),
});

/** What a face does at a moment, on top of the noise. */
interface Pose {
  /** Displacement of every region whose name begins so, in thousandths of the eye distance. */
  readonly moved?: Readonly<Record<string, readonly [x: number, y: number]>>;
  readonly change?: Readonly<Record<string, number>>;
  readonly head?: readonly [x: number, y: number];
}

export type Act = (timeMs: number) => Pose;

/** 0 before, 1 at the apex, 0 after; smooth throughout. */
export function raisedCosine(timeMs: number, onsetMs: number, apexMs: number, offsetMs: number): number {
  if (timeMs <= onsetMs || timeMs >= offsetMs) return 0;
  const share = timeMs < apexMs ? (timeMs - onsetMs) / (apexMs - onsetMs) : (offsetMs - timeMs) / (offsetMs - apexMs);
  return (1 - Math.cos(Math.PI * share)) / 2;
}

/** 0 before, 1 after, smooth in between. */
export const step = (timeMs: number, fromMs: number, toMs: number): number =>
  timeMs >= toMs ? 1 : raisedCosine(timeMs, fromMs, toMs, Number.POSITIVE_INFINITY);

/** Even moments of a stream. */
export const atRate = (fps: number, seconds: number): number[] =>
  Array.from({ length: Math.round(fps * seconds) + 1 }, (_, i) => (1000 * i) / fps);

/** The samples of a face that does `act`, with noise of 0.6 thousandths in every region that is the same every time. */
export function samplesOf(timesMs: readonly number[], act: Act = () => ({}), seed = 5, sigma = 0.6): MotionSample[] {
  const random = new Random(seed);
  const noise = () => sigma * random.normal();
  return timesMs.map((timeMs) => {
    const { moved = {}, change = {}, head = [0, 0] } = act(timeMs);
    const start = (name: string) => (prefix: string) => name.startsWith(prefix);
    const displacement = regionNames.flatMap((name) => {
      const [x, y] = moved[Object.keys(moved).find(start(name)) ?? ""] ?? [0, 0];
      return [x + noise(), y + noise()];
    });
    return {
      timeMs,
      displacement: Float64Array.from(displacement),
      change: Float64Array.from(regionNames, (name) => change[Object.keys(change).find(start(name)) ?? ""] ?? 0.05),
      head: Float64Array.of(head[0] + noise(), head[1] + noise(), noise(), noise()),
    };
  });
}

/** A spotter that answers at once. */
interface Immediate {
  push(sample: MotionSample): Spotted[];
  end(): Spotted[];
}

/** Everything that a spotter says of a stream, its end included. */
export const settledOf = (spotter: Immediate, samples: readonly MotionSample[]): Spotted[] => [
  ...samples.flatMap((sample) => spotter.push(sample)),
  ...spotter.end(),
];
