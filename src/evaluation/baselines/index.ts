import type { Baseline } from "./baseline.js";
import { frameDifference } from "./frame-difference.js";
import { lbp } from "./lbp.js";
import { mdmd } from "./mdmd.js";

export type { Baseline, BaselineSpotter, Movement, OpenBaseline } from "./baseline.js";
export type BaselineName = "frame-difference" | "mdmd" | "lbp";

/**
 * Published spotters, fed with the crops that Flinch's own sees. They look at crops at most every 20 ms, and all
 * their times are milliseconds, so that a camera's rate makes no difference.
 */
export const BASELINES: Readonly<Record<BaselineName, Baseline>> = { "frame-difference": frameDifference, mdmd, lbp };
