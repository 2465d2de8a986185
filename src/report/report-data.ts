import { createHash } from "node:crypto";
import type { AnalysisSummary } from "../api/index.js";
import type { Detection } from "../contract/index.js";
import type { Act } from "../evaluation/index.js";
import { flinchVersion } from "../lib/package-version.js";
import type { Movement, MovementResult } from "../pipeline/index.js";
import { leastScore } from "../spotting/index.js";
import type { About } from "./about.js";
import { type FaceChart, faceChartOf } from "./face-chart.js";
import { type Fact, factsOf } from "./facts.js";
import type { Inspected } from "./inspection.js";
import { type Rank, rankOf, type Thumbnails } from "./movement.js";
import { signalOf, whyOf } from "./words.js";

/** A movement as the page has it. */
export interface ReportedMovement {
  /** The event's id; of a movement without one its face and place in the recording. */
  readonly id: string;
  /** Without its statement where there is an event, which has it. */
  readonly movement: Movement;
  readonly rank: Rank;
  /** Why it raised an event, or why not, for a person. */
  readonly why: string;
  /** Null where none was raised. */
  readonly event: Detection | null;
  /** The motion around it, as `packExcerpt` leaves it but without names of regions, in base64. */
  readonly excerpt?: string;
  readonly thumbnails?: Thumbnails;
}

/** All that the page of a recording knows. Times are milliseconds of the stream. */
export interface ReportData {
  /** The same page has the same, and no other: labels are stored under it. */
  readonly id: string;
  /** Of Flinch. */
  readonly version: string;
  readonly summary: AnalysisSummary;
  readonly facts: readonly Fact[];
  readonly durationMs: number;
  /** What the spotter's score is, for a person, and from where on a movement is noticed. */
  readonly signal: string;
  readonly threshold: number;
  readonly regions: readonly string[];
  readonly faces: readonly FaceChart[];
  /** Faces beyond those that are drawn. */
  readonly facesLeftOut: number;
  /** In order of time. */
  readonly movements: readonly ReportedMovement[];
  readonly counts: readonly { readonly verdict: MovementResult; readonly rank: Rank; readonly count: number }[];
  /** Movements that are counted and not listed. */
  readonly unlisted: number;
  /** Whether it holds pictures of the face. */
  readonly thumbnails: boolean;
  /** Of a simulated video, where it was asked for. */
  readonly truth: { readonly file: string; readonly acts: readonly Act[] } | null;
}

/** Puts together what the page shows. */
export function reportDataOf(about: About, seen: Inspected): ReportData {
  const data = dataOf(about, seen);
  return { id: createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 32), ...data };
}

function dataOf(about: About, seen: Inspected): Omit<ReportData, "id"> {
  const { settings, regions, summary, thumbnails, truth } = about;
  return {
    version: flinchVersion(),
    summary,
    facts: factsOf(about, seen),
    durationMs: seen.frames.lastMs,
    signal: signalOf(settings),
    threshold: leastScore(settings.spotting),
    regions,
    faces: seen.faces.map((motion) => faceChartOf(motion, regions)),
    facesLeftOut: seen.facesLeftOut,
    movements: withIds(seen.movements).map(([id, { excerpt, thumbnails, event, statement, ...movement }]) => ({
      id,
      movement: { ...movement, ...(statement && !event && { statement }) },
      rank: rankOf(movement),
      why: whyOf({ ...movement, ...(statement && { statement }) }, settings),
      event: event ?? null,
      ...(excerpt && { excerpt: excerpt.toString("base64") }),
      ...(thumbnails && { thumbnails }),
    })),
    counts: [...seen.counts]
      .map(([verdict, count]) => ({ verdict, count, rank: rankOf({ verdict }) }))
      .sort((a, b) => b.rank - a.rank || b.count - a.count || a.verdict.localeCompare(b.verdict)),
    unlisted: seen.unlisted,
    thumbnails,
    truth: truth ? { file: truth.file, acts: [...truth.acts].sort((a, b) => a.onsetMs - b.onsetMs) } : null,
  };
}

/** The same movement has the same id whenever the same video is analysed, so that labels find it again. */
function withIds(movements: Inspected["movements"]): (readonly [id: string, Inspected["movements"][number]])[] {
  const taken = new Set<string>();
  return movements.map((movement) => {
    const { id = `${movement.face}-${Math.round(movement.apexMs)}` } = movement;
    let free = id;
    for (let n = 2; taken.has(free); n++) free = `${id}-${n}`;
    taken.add(free);
    return [free, movement];
  });
}
