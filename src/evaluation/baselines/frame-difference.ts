import { floats } from "../../models/graph.js";
import type { Spotting } from "../spotting-score.js";
import { type Baseline, HALF_MS, largestThird } from "./baseline.js";
import { Crops } from "./crops.js";
import { openBenchGraph } from "./open-graph.js";

/** Runs of moments that differ from half a span before by more than so many grey levels; the naive spotter. */
export async function frameDifference(): Promise<Baseline> {
  const graph = await openBenchGraph("frame-difference");
  return {
    name: "frame difference",
    sensitivities: [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 13, 17, 22],
    newTrack(face) {
      const crops = new Crops(HALF_MS);
      const [timesMs, values]: [number[], number[]] = [[], []];
      return {
        async observe(observation) {
          if (!crops.push(observation)) return;
          const { timeMs } = observation;
          const [before, now] = [crops.at(timeMs - HALF_MS), crops.at(timeMs)];
          if (before === undefined || now === undefined) return;
          timesMs.push(timeMs);
          values.push(largestThird([...floats(await graph.run({ before, now }), "difference")]));
        },
        spot: (threshold) => runsAbove(face, timesMs, values, threshold),
      };
    },
    close: () => graph.close(),
  };
}

function runsAbove(
  face: number,
  timesMs: readonly number[],
  values: readonly number[],
  threshold: number,
): readonly Spotting[] {
  const runs: { start: number; top: number; end: number }[] = [];
  for (const [i, value] of values.entries()) {
    if (value < threshold) continue;
    const run = runs.at(-1);
    if (run === undefined || run.end !== i - 1) runs.push({ start: i, top: i, end: i });
    else {
      run.end = i;
      if (value > (values[run.top] as number)) run.top = i;
    }
  }
  const at = (i: number) => timesMs[i] as number;
  // The difference looks back by half a span, and so the movement ends that much before the run does.
  return runs.map(({ start, top, end }) => ({
    face,
    onsetMs: at(start) - HALF_MS / 2,
    apexMs: at(top) - HALF_MS / 2,
    offsetMs: Math.max(at(end) - HALF_MS / 2, at(start) + HALF_MS / 2),
  }));
}
