import type { Config } from "../config/index.js";
import { doAll } from "../lib/teardown.js";
import type { Models } from "../pipeline/index.js";
import { type BaselineScore, compareRivals, openRivals, type Rival, type Scored } from "./baselines/compare.js";
import { BaselineObserver } from "./baselines/observer.js";
import { interviewsIn, rateOf } from "./interviews.js";
import { observe, type Report } from "./observe.js";
import { percentile } from "./percentile.js";
import { type Identity, identityOf } from "./person.js";
import {
  type RecognitionScore,
  recognitionScore,
  type Spotting,
  type SpottingScore,
  spottingScore,
  sumOf,
  type Tally,
  tallyOf,
} from "./spotting-score.js";

/** What one video gave. */
interface ScoredVideo {
  readonly rate: string;
  readonly events: Tally<Report>;
  readonly candidates: Tally<Report>;
  readonly identity: Identity;
  readonly refused: ReadonlyMap<string, number>;
  readonly rival: Scored;
}

/** Scores of all videos of a frame rate, or of all. */
export interface RateScore {
  readonly rate: string;
  readonly videos: number;
  readonly faceMinutes: number;
  /** Before and after HSTA's verification. */
  readonly candidates: SpottingScore;
  readonly events: SpottingScore;
  readonly recognition: RecognitionScore;
  /** Milliseconds of the stream from an offset to its candidate, 95 % of them. */
  readonly settledAfterMs: number;
  /** Share of the time that seated people could be seen in which they were followed. */
  readonly coverage: number;
  readonly extraTracks: number;
  readonly identitySwitches: number;
  readonly refused: Readonly<Record<string, number>>;
}

export interface Evaluation {
  readonly rates: readonly RateScore[];
  readonly all: RateScore;
  /** Published spotters on the same faces, if there was a folder to tune them on. */
  readonly baselines: readonly BaselineScore[];
}

/** Where and how to look. */
export interface EvaluationPlan {
  readonly dir: string;
  /** Interviews of other people, on which the published spotters' thresholds are chosen. */
  readonly tuning?: string | undefined;
  readonly signal: AbortSignal;
  /** Is told after each video. */
  readonly onVideo?: (line: string) => void;
}

/**
 * Runs the daemon's pipeline over every simulated interview below a folder and scores what it reports.
 * @throws FlinchError USAGE or SOURCE_UNREADABLE for a folder without readable interviews.
 */
export async function evaluate(config: Config, models: Models, plan: EvaluationPlan): Promise<Evaluation> {
  const rivals = plan.tuning === undefined ? [] : await openRivals();
  try {
    const tuned = plan.tuning === undefined ? [] : await watchAll(config, models, plan.tuning, plan, rivals);
    const watched = await watchAll(config, models, plan.dir, plan, rivals);
    const rates = [...new Set(watched.map(({ rate }) => rate))].sort((p, q) => Number(p) - Number(q));
    const scored = (videos: readonly ScoredVideo[]) => videos.map(({ rival }) => rival);
    return {
      rates: rates.map((rate) =>
        scoreOf(
          rate,
          watched.filter((video) => video.rate === rate),
        ),
      ),
      all: scoreOf("all", watched),
      baselines: compareRivals(rivals, scored(tuned), scored(watched)),
    };
  } finally {
    await doAll(rivals.map((rival) => () => rival.open.close()));
  }
}

async function watchAll(
  config: Config,
  models: Models,
  dir: string,
  { signal, onVideo }: EvaluationPlan,
  rivals: readonly Rival[],
): Promise<ScoredVideo[]> {
  const watched: ScoredVideo[] = [];
  for (const { name, video, truth } of interviewsIn(dir)) {
    const others = new BaselineObserver(rivals.map(({ open }) => open));
    const seen = await observe(config, models, video, signal, (observation) => others.observe(observation));
    if (signal.aborted) break;
    const identity = identityOf(truth, seen);
    const tally = <R extends Spotting>(reports: readonly R[]) =>
      tallyOf(truth, seen.tracks, reports, identity.visibleMs);
    const events = tally(seen.reports.filter(({ named }) => named !== undefined));
    watched.push({
      rate: rateOf(truth),
      events,
      candidates: tally(seen.reports),
      identity,
      refused: seen.refused,
      rival: (rival, threshold) => tally(others.spot(rival.open, threshold)),
    });
    onVideo?.(`${name}: found ${events.matches.length} of ${events.truths}, ${events.falseReports.length} false`);
  }
  return watched;
}

function scoreOf(rate: string, videos: readonly ScoredVideo[]): RateScore {
  const events = sumOf(videos.map((video) => video.events));
  const candidates = sumOf(videos.map((video) => video.candidates));
  const total = (read: (identity: Identity) => number) => videos.reduce((sum, { identity }) => sum + read(identity), 0);
  const refused: Record<string, number> = {};
  for (const video of videos) {
    for (const [reason, count] of video.refused) refused[reason] = (refused[reason] ?? 0) + count;
  }
  const reports = [...candidates.matches.map(({ report }) => report), ...candidates.falseReports];
  return {
    rate,
    videos: videos.length,
    faceMinutes: total(({ visibleMs }) => visibleMs) / 60_000,
    candidates: spottingScore(candidates),
    events: spottingScore(events),
    recognition: recognitionScore(events),
    settledAfterMs: percentile(
      reports.map(({ settledMs, offsetMs }) => settledMs - offsetMs),
      0.95,
    ),
    coverage: total(({ followedMs }) => followedMs) / total(({ visibleMs }) => visibleMs),
    extraTracks: total(({ extraTracks }) => extraTracks),
    identitySwitches: total(({ switches }) => switches),
    refused,
  };
}
