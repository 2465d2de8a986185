export { GOOD_FPS, LEAST_FPS, LONGEST_GAP_MS } from "./frame-rates.js";
export { groupsOf } from "./groups.js";
export { LearnedSpotter } from "./learned-spotter.js";
export type { MotionSample } from "./motion-sample.js";
export { RegionMotion } from "./region-motion.js";
export { spotLayout } from "./spot-net.js";
export type { Candidate, MotionSignal, Spotted, Spotter, SpottingSettings, Suppression } from "./spotter.js";
export { leastScore } from "./spotter.js";
export { ThresholdSpotter } from "./threshold-spotter.js";
