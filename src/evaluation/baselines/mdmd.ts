import { floats } from "../../runtime/index.js";
import { meanOfLargestThird } from "./largest-third.js";
import { baselineOf, cropTensor, SHARES } from "./method.js";
import { runsAbove } from "./movements.js";
import { contrasted, scaled } from "./series.js";

/** k of the authors for micro-expressions at MEGC 2020: 12 frames of 30 a second, 80 of 200. */
const HALF_SPAN_MS = 400;

/**
 * Main directional maximal difference: Wang, Wu, Qian, Li and Fu, Neurocomputing 230 (2017), with the parameters and
 * intervals of He, Wang, Li and Yap (FG 2020, arXiv 1912.11985). Of every moment i the graph gives d of 6 × 6 blocks
 * (training/flinch_train/benchmark/baselines/mdmd.py); the mean of the largest third is d(i); the relative difference
 * is r(i) = d(i) − (d(i−k) + d(i+k)) / 2, where the paper has k − 1 frames; the threshold mean + p · (max − mean) of r.
 *
 * Mean and maximum are of the whole stay of the face, as in the paper: an advantage over a spotter that must decide
 * as the frames come.
 */
export const mdmd = baselineOf<Uint8Array>({
  graph: "mdmd",
  halfMs: HALF_SPAN_MS,
  thresholds: SHARES,
  keep: async (_, crop) => crop,
  measure: async (graph, { head, current, tail }) => {
    const feeds = { head: cropTensor(head), current: cropTensor(current), tail: cropTensor(tail) };
    return meanOfLargestThird(floats(await graph.run(feeds), "differences"));
  },
  spot: (series, p) => runsAbove(scaled(contrasted(series, HALF_SPAN_MS)), p),
});
