import type { BoardReading } from "./board.js";
/** What a source has seen so far; every loss is counted. */
export interface CaptureStats {
  /** Frames read from the device, stream or file. */
  readonly captured: number;
  /** Frames that a live source gave up, oldest first, because nobody took them in time. */
  readonly dropped: number;
  /** Times that a live source was opened again after it failed. */
  readonly reconnects: number;
  /** Frames per second as measured over the last seconds; 0 before two frames. */
  readonly measuredFps: number;
  /**
   * "opening" until the first frame, "streaming", "lost" between a failure and the next frame, "frozen" while a live
   * source gives the very same picture, "ended".
   */
  readonly status: "opening" | "streaming" | "lost" | "frozen" | "ended";
  /** What went wrong last, in one line. */
  readonly lastError: string | undefined;
}

/** Why nothing is watched for now. */
export type Pause = "no_session" | "outside_hours";

/** How much of the work is left out, in the order in which it is. */
export const loadSteps = ["full", "fewer_searches", "every_second_frame"] as const;

export type LoadStep = (typeof loadSteps)[number];

/** What is left out now, and why. */
export interface Load {
  readonly step: LoadStep;
  /** Wall clock, ISO 8601, since when; null where nothing has been left out since the start. */
  readonly since: string | null;
  /** Why this step was taken, in one line; null where none was. */
  readonly reason: string | null;
  /** False where the board is still hot and nothing more may be left out. */
  readonly suffices: boolean;
  /** Steps down and back up since the start. */
  readonly changes: number;
}

/** What became of the events so far, since this start unless said otherwise. */
export interface OutboxStats {
  readonly appended: number;
  /** Waiting now, those of earlier starts among them. */
  readonly pending: number;
  /** Waiting in memory alone because the disk refused them; they are written as soon as it takes them. */
  readonly unwritten: number;
  /**
   * Given up, oldest first, because the outbox was full or they were too old. Over restarts, the gap in the sequence
   * numbers tells.
   */
  readonly evicted: number;
  /** Databases that were corrupt, and single entries that held no event; moved aside. */
  readonly corrupt: number;
  /** Times that the database was deleted or replaced while it was open, and made anew. */
  readonly remade: number;
  /** Why the disk refused an event last, in one line; undefined once it takes them again. */
  readonly lastError: string | undefined;
}

/** Other clients with this one's identifier that pushed it out. */
export interface TakeoverCount {
  /** Since the start of the daemon. */
  readonly count: number;
  /** When the last one was, wall clock, ISO 8601; null where there was none. */
  readonly lastAt: string | null;
}

/** `state`, retained, periodic. */
export interface State {
  readonly schema: "flinch/state/1";
  readonly bootId: string;
  readonly at: string;
  readonly uptimeS: number;
  /** Times that the pipeline began since the start of the daemon; `source`, `faces` and `clips` count anew with each. */
  readonly watches: number;
  readonly source: { readonly description: string } & Omit<CaptureStats, "lastError" | "status"> & {
      /** "paused" where nothing is to be watched now: the source is closed. */
      readonly status: CaptureStats["status"] | "paused";
      readonly lastError: string | null;
    };
  /** Why nothing is watched now; empty while something is. */
  readonly pauses: readonly Pause[];
  /** The open session; who it is about is told to nobody here. */
  readonly session: { readonly id: string; readonly startedAt: string } | null;
  /** Followed now; seen and not analysed. */
  readonly faces: FaceCounts;
  /** For how long a face could be judged, and why not; seconds since the pipeline began. */
  readonly coverage: {
    readonly watchedS: number;
    readonly judgedS: number;
    readonly notJudgedS: Readonly<Record<string, number>>;
  };
  readonly clips: ClipCounts;
  /** Milliseconds a stage took, by its name, over the last seconds. */
  readonly stagesMs: Readonly<Record<string, { readonly p50: number; readonly p95: number }>>;
  readonly events: Omit<OutboxStats, "appended" | "lastError"> & {
    readonly raised: number;
    readonly published: number;
    readonly lastError: string | null;
  };
  /** Candidates that raised no event, by the reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  readonly provider: string;
  /** How it stands with the TensorRT engine; "building" is a warming daemon, on the provider above. */
  readonly engine: {
    readonly status: "ready" | "missing" | "building" | "failed" | "none";
    /** Null where there is none. */
    readonly key: string | null;
    /** Why it does not run, in one line; null where it does or is not wished for. */
    readonly reason: string | null;
  };
  readonly rssMb: number;
  /** Null where the board tells nothing, or is not asked (board.enabled). */
  readonly board: BoardReading | null;
  /** What is left out because the board is hot. */
  readonly load: Load & {
    /** Frames of this watch that were left out on purpose, beside those dropped. */
    readonly framesLeftOut: number;
  };
  readonly broker: Omit<LinkStatus, "lastError"> & { readonly lastError: string | null };
}

/** How the connection to the broker is. */
export interface LinkStatus {
  readonly connected: boolean;
  /** The broker, without credentials. */
  readonly url: string;
  readonly protocol: "5" | "3.1.1";
  /** Connections made after the first. */
  readonly reconnects: number;
  /** Events that the broker acknowledged since the start. */
  readonly published: number;
  /** Milliseconds from handing an event to the connection to the broker's acknowledgement; 0 before the first. */
  readonly acceptMs: { readonly last: number; readonly p95: number };
  /** Times that another client with this one's identifier took the connection. */
  readonly takeovers: TakeoverCount;
  /** Why there is or was no connection, in one line; undefined once there is one. */
  readonly lastError: string | undefined;
}

/** Faces of the stream. */
export interface FaceCounts {
  /** Followed now. */
  readonly followed: number;
  /** Searches in which a face was seen and left alone: too small, or one more than are followed at once. */
  readonly tooSmall: number;
  readonly overLimit: number;
}

/** Clips of the stream. */
export interface ClipCounts {
  /** Crops that left their clip before their time, because the source is faster than `clip.maxFps`. */
  readonly evictedEarly: number;
}
