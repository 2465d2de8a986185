import { floats } from "../../runtime/index.js";
import type { Neighbours } from "./half-spans.js";
import { meanOfLargestThird } from "./largest-third.js";
import { baselineOf, cropTensor, SHARES } from "./method.js";
import { peaksAbove } from "./movements.js";
import { contrasted, scaled } from "./series.js";

/** k = (N − 1) / 2 of the paper's intervals: 9 frames of 25 a second, 21 of 60. */
const HALF_SPAN_MS = 160;
const BLOCKS = 36;

/**
 * Feature difference of local binary patterns: Moilanen, Zhao and Pietikäinen, ICPR 2014. The χ² distance of every
 * block's histogram (training/flinch_train/benchmark/baselines/lbp.py) from the mean of those of head and tail frame;
 * F is the mean of the largest third; C(i) = F(i) − (F(i−k) + F(i+k)) / 2, and 0 where that is negative; peaks above
 * mean + p · (max − mean) of C. That negative values become 0 is from memory. The paper spots peaks alone: an
 * interval reaches from the peak to its head and to its tail, and of peaks nearer than k the highest counts.
 *
 * Mean and maximum are of the whole stay of the face, as in the paper: an advantage over a spotter that must decide
 * as the frames come.
 */
export const lbp = baselineOf<Float32Array>({
  graph: "lbp",
  halfMs: HALF_SPAN_MS,
  thresholds: SHARES,
  keep: async (graph, crop) => floats(await graph.run({ crop: cropTensor(crop) }), "histograms"),
  measure: async (_, at) => meanOfLargestThird(chiSquared(at)),
  spot: (series, p) => {
    const risen = contrasted(series, HALF_SPAN_MS).map(({ timeMs, value }) => ({ timeMs, value: Math.max(0, value) }));
    return peaksAbove(scaled(risen), p, HALF_SPAN_MS);
  },
});

/** χ² = Σ (a − b)² / (a + b) of every block, a now and b the mean of head and tail. */
function chiSquared({ head, current, tail }: Neighbours<Float32Array>): Float64Array {
  const bins = current.length / BLOCKS;
  const distances = new Float64Array(BLOCKS);
  for (const [i, now] of current.entries()) {
    const mean = ((head[i] as number) + (tail[i] as number)) / 2;
    const block = Math.floor(i / bins);
    if (now + mean > 0) distances[block] = (distances[block] as number) + (now - mean) ** 2 / (now + mean);
  }
  return distances;
}
