import { amountOrNull, bootId, randomId, sequence, text, textOrNull, timestamp } from "./parts.js";
import { payload, type Static } from "./schema.js";

/** What a clip shows: the aligned crop that HSTA sees, or the frame around the face. */
export const clipContents = ["crop", "frame"] as const;

/** Why a clip was not made, and why one was deleted. */
export const clipFailures = ["no_frames", "busy", "encoder", "disk", "event_deleted", "stopped"] as const;
export const clipDeletions = ["request", "event_deleted", "retention", "space", "missing"] as const;

const reasons = [...clipFailures, "request", "retention", "space", "missing"] as const;
const countOrNull = { type: ["integer", "null"], minimum: 0 } as const;

export const evidence = payload({
  title: "Evidence clip",
  description:
    "Payload of <prefix>/<device>/event/evidence, not retained: what became of the video of an event, never the video. Only with evidence.enabled",
  properties: {
    schema: { const: "flinch/evidence/1" },
    id: { ...randomId, description: "A consumer that sees an id twice received the message twice" },
    device: text,
    bootId,
    sequence,
    event: { type: "string", description: "Id of the event" },
    session: { ...textOrNull, description: "The session of the event, if any" },
    status: {
      enum: ["clip_ready", "clip_failed", "clip_deleted"],
      description:
        "clip_ready: encrypted, on the disk, read back and found to be the same; clip_failed: there will be none",
    },
    reason: {
      enum: [null, ...reasons],
      description:
        "Null for clip_ready. Of a failure: no_frames (too few were in memory), busy (too many clips waited), encoder, disk, event_deleted (before it was made), stopped (the daemon ended). Of a deletion: request, event_deleted (with its session, by retention or for lack of room), retention (evidence.retentionDays), space (evidence.maxMb), missing (the file was gone at the start)",
    },
    by: { ...textOrNull, description: "Who asked for the deletion; null if nobody did" },
    sha256: {
      type: ["string", "null"],
      pattern: "^[0-9a-f]{64}$",
      description: "Of the MP4 as the console gives it, not of the encrypted file; null if there was none",
    },
    bytes: { ...countOrNull, description: "Of the MP4" },
    codec: { ...textOrNull, description: "Of the video: h264" },
    content: { enum: [null, ...clipContents], description: "What it shows (evidence.what)" },
    frames: { ...countOrNull, description: "Frames in it, each shown when it was captured" },
    fromMs: { ...amountOrNull, description: "First frame, milliseconds from the start of the stream, as onsetMs" },
    toMs: { ...amountOrNull, description: "Last frame" },
    at: timestamp,
  },
});

/** What subscribers receive on `event/evidence`. */
export type EvidenceMessage = Static<typeof evidence>;

export type ClipContent = (typeof clipContents)[number];
export type ClipFailure = (typeof clipFailures)[number];
export type ClipDeletion = (typeof clipDeletions)[number];
