import type { Session, SessionEnd } from "./session.js";
import type { TallyData } from "./tally.js";

/** Length of a bin of a session's timeline, and of a day's. */
export const SESSION_BIN_MS = 60_000;
export const DAY_BIN_MS = 3_600_000;

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

const rounded = (share: number): number => Number(Math.min(1, share).toFixed(4));

/** A tally as a summary tells it. */
export function countsOf(data: TallyData, toMs: number, binMs: number): Counts {
  const lengthMs = Math.max(1, toMs - data.fromMs);
  const { events, labels, suppressed, captured, dropped, interruptions } = data;
  const bins = Math.max(data.timeline.length, Math.ceil(lengthMs / binMs));
  return {
    events,
    labels: { ...labels },
    suppressed: { ...suppressed },
    timeline: { binS: binMs / 1000, events: Array.from({ length: bins }, (_, i) => data.timeline[i] ?? 0) },
    frames: { captured, dropped },
    watched: rounded(data.watchedMs / lengthMs),
    coverage: rounded(data.analysableMs / lengthMs),
    interruptions,
  };
}

/** What a session came to that ended at this time. */
export function reportOf(session: Session, data: TallyData, endedMs: number, reason: SessionEnd): SessionReport {
  const { id, ...said } = session;
  return {
    session: id,
    ...said,
    endedAt: new Date(endedMs).toISOString(),
    durationS: Math.max(0, endedMs - data.fromMs) / 1000,
    reason,
    ...countsOf(data, endedMs, SESSION_BIN_MS),
  };
}
