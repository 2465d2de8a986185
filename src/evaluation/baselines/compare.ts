import { type Spotting, type SpottingScore, spottingScore, sumOf, type Tally } from "../spotting-score.js";
import { BASELINES, type BaselineName, type OpenBaseline } from "./index.js";

/** A baseline that is open, by its name. */
export interface Rival {
  readonly name: BaselineName;
  readonly thresholds: readonly number[];
  readonly open: OpenBaseline;
}

/** Opens all published spotters; each is to be closed. */
export const openRivals = (): Promise<Rival[]> =>
  Promise.all(
    Object.entries(BASELINES).map(async ([name, baseline]) => ({
      name: name as BaselineName,
      thresholds: baseline.thresholds,
      open: await baseline.open(),
    })),
  );

/** What a rival reports in one video at a threshold, scored. */
export type Scored = (rival: Rival, threshold: number) => Tally<Spotting>;

export interface BaselineScore {
  readonly name: BaselineName;
  /** Chosen on the tuning people for the best F1. */
  readonly threshold: number;
  readonly score: SpottingScore;
}

/** Each rival at the threshold that does best on the tuning videos, scored on the others. */
export function compareRivals(
  rivals: readonly Rival[],
  tuning: readonly Scored[],
  test: readonly Scored[],
): BaselineScore[] {
  const scoreOf = (videos: readonly Scored[], rival: Rival, threshold: number) =>
    spottingScore(sumOf(videos.map((scored) => scored(rival, threshold))));
  return rivals.map((rival) => {
    const tried = rival.thresholds.map((threshold) => ({ threshold, f1: scoreOf(tuning, rival, threshold).f1 }));
    const { threshold } = tried.reduce((best, one) => (one.f1 > best.f1 ? one : best));
    return { name: rival.name, threshold, score: scoreOf(test, rival, threshold) };
  });
}
