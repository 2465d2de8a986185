import type { Config } from "../config/index.js";
import type { Detection } from "../contract/event.js";
import type { Log } from "../lib/log.js";
import type { Outbox } from "../outbox/outbox.js";
import type { SessionStore } from "../sessions/index.js";
import { eventOf } from "./envelope.js";
import type { StatusReport } from "./status-report.js";

/** What an event goes through, and what it is told of. */
export interface Raising {
  readonly bootId: string;
  readonly outbox: Outbox;
  readonly sessions: SessionStore;
  readonly report: StatusReport;
  readonly log: Log;
}

/**
 * Gives a detection its envelope and puts it into the outbox; outside of a session only where none is required.
 * @param provider execution provider that ran HSTA
 */
export async function raise(detection: Detection, provider: string, config: Config, parts: Raising): Promise<void> {
  const { bootId, outbox, sessions, report, log } = parts;
  // A file's movements have no time of day: they belong to the session in which the file is read.
  const session =
    config.source.kind === "file" ? sessions.current() : sessions.sessionAt(report.wallMs(detection.onsetMs));
  if (config.privacy.requireSession && session === undefined) {
    report.suppressed("no_session");
    return;
  }
  const wallMs = (timeMs: number) => report.wallMs(timeMs);
  const event = await outbox.append((sequence) =>
    eventOf(detection, { config, bootId, sequence, session, provider, wallMs }),
  );
  report.raised(event);
  const { id, sequence, face } = event;
  // The log says no more than the event does.
  const said = "label" in event ? { label: event.label, confidence: event.confidence } : {};
  log.info({ id, sequence, face, report: event.report, ...said }, "event");
}
