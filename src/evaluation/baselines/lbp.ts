import { floats } from "../../models/graph.js";
import { type Baseline, contrasted, EVERY_MS, HALF_MS, largestThird, nearestIndex, peaksAbove } from "./baseline.js";
import { Crops } from "./crops.js";
import { openBenchGraph } from "./open-graph.js";

const BLOCKS = 36;

/**
 * Feature difference of Moilanen, Zhao and Pietikäinen (ICPR 2014): χ² between the histograms of local binary patterns
 * of a frame and the mean of those half a span before and after; largest third of the blocks; contrast; a threshold over
 * the whole video.
 */
export async function lbp(): Promise<Baseline> {
  const graph = await openBenchGraph("lbp");
  return {
    name: "LBP-χ²",
    sensitivities: [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
    newTrack(face) {
      const crops = new Crops(0);
      let recent: Moment[] = [];
      const [timesMs, values]: [number[], number[]] = [[], []];
      return {
        async observe(observation) {
          const { timeMs } = observation;
          const crop = crops.push(observation) ? crops.at(timeMs) : undefined;
          if (crop === undefined) return;
          const histograms = floats(await graph.run({ now: crop }), "histograms");
          recent = [...recent.filter((one) => timeMs - one.timeMs <= 2 * HALF_MS + EVERY_MS), { timeMs, histograms }];
          const middleMs = timeMs - HALF_MS;
          const [head, now] = [nearest(recent, middleMs - HALF_MS), nearest(recent, middleMs)];
          if (head === undefined || now === undefined) return;
          timesMs.push(middleMs);
          values.push(difference(head, now, histograms));
        },
        spot(p) {
          return peaksAbove(face, { timesMs, values: contrasted({ timesMs, values }, HALF_MS) }, p, HALF_MS);
        },
      };
    },
    close: () => graph.close(),
  };
}

interface Moment {
  readonly timeMs: number;
  readonly histograms: Float32Array;
}

function nearest(moments: readonly Moment[], timeMs: number): Float32Array | undefined {
  const times = moments.map((moment) => moment.timeMs);
  const best = moments[nearestIndex(times, timeMs)];
  return best !== undefined && Math.abs(best.timeMs - timeMs) <= EVERY_MS ? best.histograms : undefined;
}

/** χ² of each block between now and the mean of before and after; the largest third of them. */
function difference(before: Float32Array, now: Float32Array, after: Float32Array): number {
  const bins = now.length / BLOCKS;
  return largestThird(
    Array.from({ length: BLOCKS }, (_, block) => {
      let sum = 0;
      for (let k = block * bins; k < (block + 1) * bins; k++) {
        const mean = ((before[k] as number) + (after[k] as number)) / 2;
        const total = (now[k] as number) + mean;
        if (total > 0) sum += ((now[k] as number) - mean) ** 2 / total;
      }
      return sum;
    }),
  );
}
