import type { Counts, Session, SessionEnd, SessionReport } from "../contract/index.js";
import type { TallyData } from "./tally.js";

/** Length of a bin of a session's timeline, and of a day's. */
export const SESSION_BIN_MS = 60_000;
export const DAY_BIN_MS = 3_600_000;

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
  const { id, ...rest } = session;
  return {
    session: id,
    ...rest,
    endedAt: new Date(endedMs).toISOString(),
    durationS: Math.max(0, endedMs - data.fromMs) / 1000,
    reason,
    ...countsOf(data, endedMs, SESSION_BIN_MS),
  };
}
