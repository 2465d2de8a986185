import { bootId, count, fraction, randomId, sequence, subject, tally, text, timestamp } from "./parts.js";
import { closed, payload, type Static } from "./schema.js";

const envelope = {
  id: { ...randomId, description: "A consumer that sees an id twice received the summary twice" },
  device: text,
  bootId,
  sequence,
} as const;

const counts = {
  events: { ...count, description: "Micro-expression events" },
  labels: { ...tally, description: "Events by label; empty if recognition.report allows none" },
  suppressed: { ...tally, description: "Movements that raised no event, by reason" },
  timeline: closed({
    properties: {
      binS: { type: "integer", minimum: 1, description: "Length of a bin in seconds" },
      events: { type: "array", items: count, description: "Events in each bin, from the beginning" },
    },
  }),
  frames: closed({
    properties: {
      captured: { ...count, description: "Frames read from the source" },
      dropped: { ...count, description: "Frames dropped because nobody took them in time" },
    },
  }),
  watched: { ...fraction, description: "Share of the time in which frames came" },
  coverage: { ...fraction, description: "Share of the time in which at least one face could be analysed" },
  interruptions: { ...count, description: "Times that the daemon was restarted in that time" },
} as const;

export const sessionSummary = payload({
  title: "Session summary",
  description: "Payload of <prefix>/<device>/event/session_summary, not retained: one at the end of every session",
  properties: {
    schema: { const: "flinch/session_summary/1" },
    ...envelope,
    session: { ...randomId, description: "The session that ended, as its events name it" },
    room: text,
    subject: { ...subject, description: "Pseudonym of the person filmed" },
    consent: { type: "string", description: "Reference to this person's consent" },
    purpose: text,
    startedAt: timestamp,
    endedAt: timestamp,
    durationS: { type: "number", minimum: 0 },
    reason: {
      enum: ["request", "max_length"],
      description: "Why it ended: on request, or after privacy.sessionMaxHours",
    },
    ...counts,
  },
});

export const dailySummary = payload({
  title: "Daily summary",
  description: "Payload of <prefix>/<device>/event/daily_summary, not retained: one at every schedule.summary",
  properties: {
    schema: { const: "flinch/daily_summary/1" },
    ...envelope,
    from: { ...timestamp, description: "When the previous summary was made, ISO 8601, UTC" },
    to: timestamp,
    sessions: { ...count, description: "Sessions that ended in that time" },
    ...counts,
  },
});

/** What subscribers receive on `event/session_summary`, once at the end of a session. */
export type SessionSummary = Static<typeof sessionSummary>;

/** What subscribers receive on `event/daily_summary`, at `schedule.summary`. */
export type DailySummary = Static<typeof dailySummary>;

/** What was counted over a stretch of time, as a summary tells it. */
export type Counts = Pick<DailySummary, keyof typeof counts>;

/** What a session came to. */
export type SessionReport = Omit<SessionSummary, "schema" | keyof typeof envelope>;

/** Why a session ended. */
export type SessionEnd = SessionReport["reason"];

/** An open session: whose movements are looked at, why, and with whose consent. */
export interface Session extends Pick<SessionReport, "room" | "subject" | "consent" | "purpose" | "startedAt"> {
  /** A UUID, which the session's events carry. */
  readonly id: string;
}
