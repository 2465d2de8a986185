import { randomUUID } from "node:crypto";
import type { DailySummary, SessionReport, SessionSummary } from "../contract/index.js";
import type { Outbox } from "../outbox/index.js";
import type { DayReport } from "./session-store.js";

/** Who says it. */
export interface Sender {
  readonly device: string;
  readonly bootId: string;
}

/** Puts the summary of a session into the outbox; it is safe once that is fulfilled. */
export async function publishSession(outbox: Outbox, sender: Sender, report: SessionReport): Promise<void> {
  await outbox.append((sequence): SessionSummary => {
    // A session has one summary, however often a crash lets it end.
    return { schema: "flinch/session_summary/1", id: report.session, ...sender, sequence, ...report };
  });
}

/** The same with that of a day. */
export async function publishDay(outbox: Outbox, sender: Sender, report: DayReport): Promise<void> {
  await outbox.append((sequence): DailySummary => {
    return { schema: "flinch/daily_summary/1", id: randomUUID(), ...sender, sequence, ...report };
  });
}
