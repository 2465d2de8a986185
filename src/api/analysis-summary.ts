import { basename } from "node:path";
import type { GapReason } from "../contract/index.js";
import type { Models } from "../pipeline/index.js";
import type { Analysed } from "./analyze-source.js";

/** What an analysis came to, and how much of the recording it could judge: `--summary`, `summary.json`. */
export interface AnalysisSummary {
  readonly schema: "flinch/analysis_summary/1";
  /** The file's name, without its folder. */
  readonly video: string;
  readonly frames: number;
  /** Mean of the recording; null of fewer than two frames. */
  readonly framesPerSecond: number | null;
  readonly minutes: {
    readonly video: number;
    /** In which at least one face could be judged. */
    readonly judged: number;
    /** In which none could, by the reason; they add up to what is left. */
    readonly notJudged: Readonly<Partial<Record<GapReason, number>>>;
  };
  /** Share of the recording in which a face could be judged, 0…1. */
  readonly coverage: number;
  /** Faces that were followed, each as often as it was lost and found anew. */
  readonly faces: number;
  readonly events: number;
  /** Of the time that could be judged; null where there is none. */
  readonly eventsPerHour: number | null;
  /** Movements that raised no event, by the reason. */
  readonly withheld: Readonly<Record<string, number>>;
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly provider: string;
  /** Names of the face's regions, in the order of the channels of `signals.ndjson`. */
  readonly regions: readonly string[];
  /** What was written down about the recording, where there was something (`--metadata`). */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Why the analysis ended before the recording; null where it did not. */
  readonly cut: string | null;
}

const MINUTE_MS = 60_000;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const minutesOf = (ms: number): number => rounded(ms / MINUTE_MS, 4);

/** The summary of an analysis. */
export function summaryOf(video: string, analysed: Analysed, { recogniser, regions }: Models): AnalysisSummary {
  const { frames, spanMs, coverage, lastError } = analysed;
  const { graph, entry } = recogniser;
  const { name, sha256 } = graph.model.entry;
  const gaps = Object.entries(coverage.gaps).map(([reason, ms]) => [reason, minutesOf(ms)] as const);
  return {
    schema: "flinch/analysis_summary/1",
    video: basename(video),
    frames,
    framesPerSecond: spanMs > 0 ? rounded(((frames - 1) * 1000) / spanMs, 2) : null,
    minutes: {
      video: minutesOf(coverage.watched),
      judged: minutesOf(coverage.judged),
      notJudged: Object.fromEntries(gaps),
    },
    coverage: coverage.watched > 0 ? rounded(coverage.judged / coverage.watched, 4) : 0,
    faces: analysed.faces,
    events: analysed.events,
    eventsPerHour: coverage.judged > 0 ? rounded((analysed.events * 60 * MINUTE_MS) / coverage.judged, 2) : null,
    withheld: analysed.withheld,
    model: { name, version: entry.version, sha256 },
    provider: graph.provider,
    regions,
    cut: lastError?.replaceAll(video, basename(video)) ?? (analysed.interrupted ? "it was interrupted" : null),
  };
}

/** The summary as one line for the log, in the words of a person. */
export function summaryLine({ minutes, events, eventsPerHour, coverage }: AnalysisSummary): string {
  const gaps = Object.entries(minutes.notJudged)
    .sort(([, p], [, q]) => q - p)
    .map(([reason, length]) => `${reason.replaceAll("_", " ")} ${length.toFixed(1)}`);
  const why = gaps.length === 0 ? "" : `; not judged: ${gaps.join(", ")}`;
  const rate = eventsPerHour === null ? "no face could be judged" : `${eventsPerHour.toFixed(1)} an hour`;
  const judged = `${minutes.judged.toFixed(1)} of ${minutes.video.toFixed(1)} minutes judged (${Math.round(100 * coverage)} %)`;
  return `${events} ${events === 1 ? "event" : "events"}, ${rate}; ${judged}${why}`;
}
