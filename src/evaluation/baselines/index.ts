import type { Baseline } from "./baseline.js";
import { frameDifference } from "./frame-difference.js";
import { lbp } from "./lbp.js";
import { mdmd } from "./mdmd.js";

export type { Baseline } from "./baseline.js";
export { type BaselineScore, compareBaselines, type Scored } from "./compare.js";
export { BaselineWatch } from "./watch.js";

/** Opens the graphs of all published spotters that Flinch is compared with. */
export const openBaselines = (): Promise<Baseline[]> => Promise.all([frameDifference(), mdmd(), lbp()]);
