import { type Spotting, type SpottingScore, spottingScore, sumOf, type Tally } from "../spotting-score.js";
import type { Baseline } from "./baseline.js";

/** What a baseline reports in one video, scored, at a sensitivity. */
export type Scored = (baseline: Baseline, sensitivity: number) => Tally<Spotting>;

export interface BaselineScore {
  readonly name: string;
  /** Chosen on the tuning people for the best F1. */
  readonly sensitivity: number;
  readonly score: SpottingScore;
}

/** Each baseline at the sensitivity that does best on the tuning videos, scored on the others. */
export function compareBaselines(
  baselines: readonly Baseline[],
  tuning: readonly Scored[],
  test: readonly Scored[],
): BaselineScore[] {
  const scoreOf = (videos: readonly Scored[], baseline: Baseline, sensitivity: number) =>
    spottingScore(sumOf(videos.map((scored) => scored(baseline, sensitivity))));
  return baselines.map((baseline) => {
    const [best] = baseline.sensitivities
      .map((sensitivity) => ({ sensitivity, f1: scoreOf(tuning, baseline, sensitivity).f1 }))
      .sort((p, q) => q.f1 - p.f1);
    const sensitivity = best?.sensitivity ?? 0;
    return { name: baseline.name, sensitivity, score: scoreOf(test, baseline, sensitivity) };
  });
}
