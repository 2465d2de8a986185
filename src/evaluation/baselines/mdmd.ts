import type { Tensor } from "onnxruntime-node";
import { floats } from "../../models/graph.js";
import { type Baseline, contrasted, HALF_MS, largestThird, peaksAbove } from "./baseline.js";
import { Crops } from "./crops.js";
import { openBenchGraph } from "./open-graph.js";

/**
 * Main directional maximal difference of Wang et al. (Neurocomputing 230, 2017): how much further a block went in its
 * main direction from half a span before to now than to half a span after; largest third of the blocks; relative to its
 * neighbours in time; a threshold over the whole video. Written from memory of the paper, its text not at hand.
 */
export async function mdmd(): Promise<Baseline> {
  const graph = await openBenchGraph("main-direction");
  const lengths = async (before: Tensor, now: Tensor): Promise<number[]> => {
    const flow = floats(await graph.run({ before, now }), "flow");
    return Array.from({ length: flow.length / 2 }, (_, b) =>
      Math.hypot(flow[2 * b] as number, flow[2 * b + 1] as number),
    );
  };
  return {
    name: "MDMD",
    sensitivities: [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
    newTrack(face) {
      const crops = new Crops(2 * HALF_MS);
      const [timesMs, values]: [number[], number[]] = [[], []];
      return {
        async observe(observation) {
          if (!crops.push(observation)) return;
          const middleMs = observation.timeMs - HALF_MS;
          const [head, now, tail] = [middleMs - HALF_MS, middleMs, observation.timeMs].map((ms) => crops.at(ms));
          if (head === undefined || now === undefined || tail === undefined) return;
          const [there, back] = [await lengths(head, now), await lengths(head, tail)];
          timesMs.push(middleMs);
          values.push(largestThird(there.map((length, b) => length - (back[b] as number))));
        },
        spot(p) {
          const series = { timesMs, values: contrasted({ timesMs, values }, HALF_MS) };
          return peaksAbove(face, series, p, HALF_MS);
        },
      };
    },
    close: () => graph.close(),
  };
}
