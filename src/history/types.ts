import type { Decision, DeletionReason, MicroExpressionEvent, Session, SessionReport } from "../contract/index.js";
import type { Movement } from "../pipeline/index.js";

/** The motion of one face around a movement, as measured: no pixels. Times are milliseconds of the stream. */
export interface Excerpt {
  readonly regions: readonly string[];
  readonly timesMs: readonly number[];
  /** A sample: x0, y0, x1, y1, … a region, thousandths of the eye distance. */
  readonly displacement: readonly (readonly number[])[];
  /** A sample: a region, root mean square of what no motion explains (0 = unchanged). */
  readonly change: readonly (readonly number[])[];
  /** A sample: translation x, y in thousandths of the eye distance, turn and growth in thousandths. */
  readonly head: readonly (readonly number[])[];
  /** What the spotter said; its own clock, which may lag behind the samples. */
  readonly signal: readonly { readonly timeMs: number; readonly score: number; readonly group: string }[];
}

/** A movement that was noticed, whether it raised an event or not. */
export interface KeptMovement {
  /** The event's id, or a random UUID for a movement that raised none. */
  readonly id: string;
  /** The session that it belongs to, if any. */
  readonly session: string | null;
  /** Wall clock of its apex, milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly movement: Movement;
  /** Null where none was raised. */
  readonly event: MicroExpressionEvent | null;
}

/** That something was deleted, and how much; nothing of what it was. */
export interface DeletionRecord {
  /** When, ISO 8601, UTC. */
  readonly at: string;
  /** Who asked for it; "retention" where nobody did. */
  readonly by: string;
  readonly reason: DeletionReason;
  /** Movements, with or without an event, and those with one. */
  readonly movements: number;
  readonly events: number;
  /** Versions of labels. */
  readonly labels: number;
  /** Excerpts of motion. */
  readonly clips: number;
}

/** A deletion that subscribers are yet to be told of. */
export interface UnsentDeletion extends DeletionRecord {
  /** A random UUID. */
  readonly id: string;
  /** Null for what belonged to no session. */
  readonly session: string | null;
}

/** A session, and what is kept of it. */
export interface SessionRecord {
  /** Of a deleted one, subject and consent are empty. */
  readonly session: Session;
  /** Null while it is open, and once its data has been deleted. */
  readonly report: SessionReport | null;
  readonly note: string;
  readonly events: number;
  /** With or without an event. */
  readonly movements: number;
  /** Movements that at least one reviewer has labelled. */
  readonly labelled: number;
  /** Set where its data has been deleted: the record that remains names nobody. */
  readonly deletion: DeletionRecord | null;
}

/** For how long of a stretch of time faces could be judged, and why not for the rest. */
export interface CoverageSpan {
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly watchedMs: number;
  readonly judgedMs: number;
  /** Milliseconds by reason. */
  readonly gaps: Readonly<Record<string, number>>;
}

/** What a reviewer wants to say of a movement. */
export interface LabelWish {
  /** Its id. */
  readonly movement: string;
  /** One line of at most 64 characters. */
  readonly reviewer: string;
  /** "withdrawn" takes back what the reviewer said before. */
  readonly decision: Decision | "withdrawn";
  /** Marks, milliseconds of the stream: onset ≤ apex ≤ offset, as far as they are given. */
  readonly onsetMs?: number;
  readonly apexMs?: number;
  readonly offsetMs?: number;
  /** At most 2000 characters. */
  readonly note?: string;
}

/** A version of what a reviewer said of a movement. */
export interface Label {
  /** A random UUID. */
  readonly id: string;
  readonly movement: string;
  readonly reviewer: string;
  readonly decision: Decision | "withdrawn";
  /** Null where the reviewer did not mark it. */
  readonly onsetMs: number | null;
  readonly apexMs: number | null;
  readonly offsetMs: number | null;
  /** Empty for none. */
  readonly note: string;
  /** When it was said, ISO 8601, UTC. */
  readonly at: string;
  /** 1, 2, … of this reviewer for this movement: the highest holds. */
  readonly version: number;
  /** Version of Flinch that it was said to. */
  readonly flinch: string;
  /** Of the event; null where there is none. */
  readonly model: MicroExpressionEvent["model"] | null;
}

/** Which movements are asked for; all conditions hold. */
export interface MovementQuery {
  /** Null for those of no session; missing for all. */
  readonly session?: string | null;
  /** Whether they raised an event. */
  readonly raised?: boolean;
  /** Wall clock of the apex, from ≤ apex < to. */
  readonly from?: number;
  readonly to?: number;
  /** The last one of the page before. */
  readonly before?: Pick<KeptMovement, "atMs" | "id">;
  /** The same, oldest first; `{ atMs: 0, id: "" }` for the first page. */
  readonly after?: Pick<KeptMovement, "atMs" | "id">;
  readonly limit: number;
}

/** What retention deleted. */
export interface Expired {
  readonly sessions: number;
  readonly movements: number;
  readonly events: number;
  readonly labels: number;
  readonly clips: number;
}

export interface HistoryStats {
  /** Of the database file. */
  readonly bytes: number;
  readonly movements: number;
  /** Versions of labels. */
  readonly labels: number;
  /** Corrupt databases that were set aside since the start. */
  readonly replaced: number;
  /** Movements given up since the start because the database had reached `maxBytes`. */
  readonly evicted: number;
}
