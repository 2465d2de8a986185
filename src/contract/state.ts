import { board } from "./board.js";
import { load } from "./load.js";
import { amount, amountOrNull, bootId, count, tally, text, textOrNull, timestamp, timestampOrNull } from "./parts.js";
import { closed, closedOrNull, payload, type Static } from "./schema.js";

/** Why no face could be judged at a moment; of several that hold, the first. */
export const gapReasons = [
  "no_face",
  "too_small",
  "too_few_frames",
  "turned_away",
  "dark",
  "blurred",
  "settling_in",
] as const;

/** How a source may be; the first is the daemon's doing. */
export const sourceStatuses = ["paused", "opening", "streaming", "lost", "frozen", "ended"] as const;

/** Why nothing may be watched. */
export const pauses = ["no_session", "outside_hours"] as const;

/** How the recognition model's TensorRT engine may be. */
export const engineStatuses = ["ready", "missing", "building", "failed", "none"] as const;

const source = closed({
  properties: {
    description: { type: "string", description: "What is read, without credentials" },
    status: {
      enum: sourceStatuses,
      description: "paused when nothing is to be watched: the source is closed",
    },
    measuredFps: amount,
    captured: { ...count, description: "Frames read" },
    dropped: { ...count, description: "Frames dropped because nobody took them in time" },
    reconnects: count,
    lastError: { ...textOrNull, description: "The last error" },
  },
});

const faces = closed({
  properties: {
    followed: { ...count, description: "Faces followed now" },
    tooSmall: {
      ...count,
      description: "Times that a search found a face too small to analyse (face.minEyeDistancePx)",
    },
    overLimit: {
      ...count,
      description: "Times that a search found more faces than are followed at once (face.maxFaces)",
    },
  },
});

const coverage = closed({
  description: "Seconds since the pipeline started in which a face could be judged, and why not for the rest",
  properties: {
    watchedS: { ...amount, description: "In which frames came" },
    judgedS: { ...amount, description: "In which at least one face could be judged" },
    notJudgedS: {
      type: "object",
      description: "In which none could, by reason; reasons that never held are missing",
      propertyNames: { enum: gapReasons },
      additionalProperties: amount,
    },
  },
});

const events = closed({
  properties: {
    raised: count,
    published: { ...count, description: "Acknowledged by the broker" },
    pending: { ...count, description: "Waiting in the outbox" },
    oldestS: {
      ...amountOrNull,
      description: "Seconds that the oldest of them has waited; null if none waits, or if the clock was not set then",
    },
    unwritten: { ...count, description: "Of those, waiting only in memory because the disk refused them" },
    evicted: { ...count, description: "Dropped because the outbox was full or they were too old" },
    corrupt: {
      ...count,
      description: "Outbox databases that were corrupt, and entries that held no event, moved aside",
    },
    remade: {
      ...count,
      description: "Times that the outbox database was deleted or replaced while it was open, and recreated",
    },
    lastError: { ...textOrNull, description: "Why the disk last refused an event" },
  },
});

const engine = closed({
  description: "Status of the recognition model's TensorRT engine",
  properties: {
    status: {
      enum: engineStatuses,
      description:
        "ready: it runs; missing: there is none, and the daemon builds none; building: the daemon is building it, and the next provider runs meanwhile; failed: it could not be built or opened; none: TensorRT is not configured or not on this machine",
    },
    key: { ...textOrNull, description: "Names model, TensorRT, GPU and precision; null if there is none" },
    reason: {
      ...textOrNull,
      description: "Why it does not run, in one line; null if it does or is not configured",
    },
  },
});

const broker = closed({
  properties: {
    connected: { type: "boolean" },
    url: { type: "string", description: "Without credentials" },
    protocol: { enum: ["5", "3.1.1"] },
    reconnects: count,
    published: count,
    acceptMs: closed({
      description: "Milliseconds from sending an event to the broker's acknowledgement",
      properties: { last: amount, p95: amount },
    }),
    takeovers: closed({
      description:
        "Times that another client with this one's identifier took the connection, since the start of the daemon",
      properties: {
        count,
        lastAt: { ...timestampOrNull, description: "ISO 8601, UTC; null if there was none" },
      },
    }),
    lastError: { ...textOrNull, description: "Why there is or was no connection" },
  },
});

export const state = payload({
  title: "State",
  description: "Payload of <prefix>/<device>/state, retained, periodic",
  properties: {
    schema: { const: "flinch/state/1" },
    bootId,
    at: timestamp,
    uptimeS: amount,
    watches: {
      ...count,
      description:
        "Times that the pipeline started since the start of the daemon; source, faces and clips are counted afresh with each",
    },
    source,
    pauses: {
      type: "array",
      description: "Why nothing is watched now; empty while something is",
      items: { enum: pauses },
      uniqueItems: true,
    },
    session: closedOrNull({ description: "The open session", properties: { id: text, startedAt: timestamp } }),
    faces,
    coverage,
    clips: closed({
      properties: {
        evictedEarly: {
          ...count,
          description: "Frames that left a face's clip early because the source is faster than clip.maxFps",
        },
      },
    }),
    evidence: closedOrNull({
      description: "Clips of events; null if none are made",
      properties: {
        kept: { ...count, description: "On the disk" },
        bytes: { ...count, description: "That they take there" },
        waiting: { ...count, description: "Waiting to be encoded" },
        made: { ...count, description: "Since the start of the daemon, as those below" },
        dropped: { ...count, description: "Not made, because too many waited" },
        failed: { ...count, description: "Not made for another reason" },
      },
    }),
    stagesMs: {
      type: "object",
      description: "Milliseconds a stage took, by stage name",
      additionalProperties: closed({ properties: { p50: amount, p95: amount } }),
    },
    events,
    suppressed: { ...tally, description: "Candidates that raised no event, by reason" },
    provider: text,
    engine,
    rssMb: { ...amount, description: "Resident memory in MiB" },
    board,
    load,
    broker,
  },
});

/** `state`, retained, periodic. */
export type State = Static<typeof state>;

/** What a payload says went wrong last, where it is still being counted: undefined in place of null. */
type LastError = {
  /** In one line; undefined where nothing is wrong. */
  readonly lastError: string | undefined;
};

/** What a source has seen so far; every loss is counted. */
export type CaptureStats = Omit<State["source"], "description" | "lastError" | "status"> &
  LastError & {
    /**
     * "opening" until the first frame, "streaming", "lost" between a failure and the next frame, "frozen" while a live
     * source gives the very same picture, "ended".
     */
    readonly status: Exclude<State["source"]["status"], "paused">;
  };

export type GapReason = (typeof gapReasons)[number];

/** Why nothing is watched for now. */
export type Pause = State["pauses"][number];

/** What became of the events so far, since this start unless said otherwise. */
export type OutboxStats = Omit<State["events"], "raised" | "published" | "lastError"> &
  LastError & { readonly appended: number };

/** How the connection to the broker is. */
export type LinkStatus = Omit<State["broker"], "lastError"> & LastError;

/** Other clients with this one's identifier that pushed it out. */
export type TakeoverCount = State["broker"]["takeovers"];

/** Faces of the stream. */
export type FaceCounts = State["faces"];

/** Clips of the stream. */
export type ClipCounts = State["clips"];
