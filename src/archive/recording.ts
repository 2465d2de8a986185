import type { AnalysisSummary } from "../api/index.js";
import type { Detection, MicroExpressionEvent } from "../contract/index.js";
import type { CoverageSpan, Label, SessionRecord } from "../history/index.js";
import type { Movement } from "../pipeline/index.js";

/** Rows block by block, in order: between two blocks others get their turn, and no more than a block is in memory. */
export type Blocks<T> = AsyncIterable<readonly T[]>;

/** When something was on the wall clock, ISO 8601, UTC; null where that, or the mark itself, is not known. */
export interface WallClock {
  readonly onsetAt: string | null;
  readonly apexAt: string | null;
  readonly offsetAt: string | null;
}

/** A detection; one that a daemon raised has its envelope too. */
export type RecordedEvent = Detection &
  Partial<Pick<MicroExpressionEvent, "device" | "room" | "session" | "onsetAt" | "apexAt" | "offsetAt">>;

export interface RecordedMovement extends Omit<Movement, "id">, WallClock {
  /** Null where a file's movement raised no event. */
  readonly id: string | null;
}

/** What a reviewer says of a movement now; marks are counted like the movement's own. */
export interface RecordedLabel extends Label, WallClock {
  readonly face: number;
  /** Of the movement, for a label that marks nothing. */
  readonly seen: { readonly fromMs: number; readonly toMs: number };
}

/** How a face stood at one moment, and what the spotter had said last. */
export interface SignalSample {
  readonly timeMs: number;
  readonly face: number;
  /** The movement that it was kept for; null where everything was kept. */
  readonly movement: string | null;
  /** Names of the channels below. */
  readonly regions: readonly string[];
  /** x0, y0, x1, y1, … a region, thousandths of the eye distance. */
  readonly displacement: readonly number[];
  /** A region: root mean square of what no motion explains. */
  readonly change: readonly number[];
  /** Translation x, y in thousandths of the eye distance, turn and growth in thousandths. */
  readonly head: readonly number[];
  /** The latest at or before this moment. */
  readonly signal: { readonly timeMs: number; readonly score: number; readonly group: string } | null;
}

export interface Signals {
  /** Names of all regions that any sample has. */
  regions(): Promise<readonly string[]>;
  /** A face's in order of time. */
  samples(): Blocks<SignalSample>;
}

/** Where times count from. */
export interface Zero {
  readonly what: "recording" | "session" | "day";
  /** Its wall clock, ISO 8601, UTC; null where it is not known. */
  readonly at: string | null;
}

/**
 * What was found in a recording, or in a session of a daemon: what every format is made of. All times are milliseconds
 * from `zero`. What comes in blocks is read anew at every call.
 */
export interface Recording {
  /** For the names of files: letters, digits, dots, dashes and underscores where it is a session's. */
  readonly name: string;
  /** The file's name; null where no file is kept. */
  readonly video: string | null;
  readonly zero: Zero;
  /** Null for a file, and for what was seen outside of sessions. */
  readonly session: Pick<SessionRecord, "session" | "report" | "note"> | null;
  /** For how much of a session faces could be judged. */
  readonly coverage: readonly CoverageSpan[];
  /** Of a file. */
  readonly summary: Partial<AnalysisSummary> | null;
  /** In order of time. */
  events(): Blocks<RecordedEvent>;
  movements(): Blocks<RecordedMovement>;
  /** In the order in which they were said; missing where nobody can say anything. */
  readonly labels?: () => Blocks<RecordedLabel>;
  /** Missing where motion was not kept. */
  readonly signals?: Signals;
}

/** All of it, where it is known to be little. */
export async function gathered<T>(blocks: Blocks<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const block of blocks) for (const row of block) all.push(row);
  return all;
}
