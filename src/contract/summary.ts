/** An open session: whose movements are looked at, why, and with whose consent. */
export interface Session {
  /** A UUID, which the session's events carry. */
  readonly id: string;
  readonly room: string;
  readonly subject: string;
  readonly consent: string;
  readonly purpose: string;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
}

/** Why a session ended. */
export type SessionEnd = "request" | "max_length";

/** What was counted over a stretch of time, as a summary tells it. */
export interface Counts {
  readonly events: number;
  /** Events by their label, as far as recognition.report lets them have one. */
  readonly labels: Readonly<Record<string, number>>;
  /** Movements that raised no event, by the reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  /** Events over time, one number a bin from the beginning on. */
  readonly timeline: { readonly binS: number; readonly events: readonly number[] };
  readonly frames: { readonly captured: number; readonly dropped: number };
  /** Share of the time in which frames came, and in which a face could be analysed, 0…1. */
  readonly watched: number;
  readonly coverage: number;
  /** Times that the daemon was started meanwhile. */
  readonly interruptions: number;
}

/** What a session came to. */
export interface SessionReport extends Omit<Session, "id">, Counts {
  readonly session: string;
  readonly endedAt: string;
  readonly durationS: number;
  readonly reason: SessionEnd;
}

interface Envelope {
  /** A consumer that sees an id twice got the summary twice. */
  readonly id: string;
  readonly device: string;
  /** Identifies the start of the daemon that says it. */
  readonly bootId: string;
  /** Counted together with all other events of the device. */
  readonly sequence: number;
}

/** What subscribers receive on `event/session_summary`, once at the end of a session. */
export interface SessionSummary extends Envelope, SessionReport {
  readonly schema: "flinch/session_summary/1";
}

/** What subscribers receive on `event/daily_summary`, at `schedule.summary`. */
export interface DailySummary extends Envelope, Counts {
  readonly schema: "flinch/daily_summary/1";
  /** Since the summary before, or since this device first started. */
  readonly from: string;
  readonly to: string;
  /** Sessions that ended meanwhile. */
  readonly sessions: number;
}
