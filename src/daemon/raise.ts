import type { ConfigInForce } from "../config/index.js";
import type { Detection, MicroExpressionEvent } from "../contract/index.js";
import type { Log } from "../lib/log.js";
import type { Outbox } from "../outbox/index.js";
import type { NoEvent } from "../pipeline/index.js";
import type { SessionStore } from "../sessions/index.js";
import type { Counters } from "./counters.js";
import { eventOf } from "./envelope.js";
import type { StreamClock } from "./stream-clock.js";

/** What an event goes through, and what it is told of. */
export interface Raising {
  readonly bootId: string;
  readonly inForce: ConfigInForce;
  readonly outbox: Pick<Outbox, "append">;
  readonly sessions: Pick<SessionStore, "current" | "sessionAt" | "event" | "suppressed">;
  readonly counters: Pick<Counters, "raised" | "suppressed">;
  readonly clock: Pick<StreamClock, "wallMs">;
  readonly log: Log;
  /** Told of every event that is in the outbox. */
  readonly host?: { raised(event: MicroExpressionEvent): void };
}

/**
 * Gives a detection its envelope and puts it into the outbox; outside of a session only where none is required.
 * @param provider execution provider that ran HSTA
 */
export async function raise(detection: Detection, provider: string, parts: Raising): Promise<void> {
  const { bootId, outbox, sessions, counters, clock, log } = parts;
  const config = parts.inForce.current;
  // A file's movements have no time of day: they belong to the session in which the file is read.
  const session =
    config.source.kind === "file" ? sessions.current() : sessions.sessionAt(clock.wallMs(detection.onsetMs));
  if (config.privacy.requireSession && session === undefined) {
    suppress("no_session", parts);
    return;
  }
  const wallMs = (timeMs: number) => clock.wallMs(timeMs);
  const event = await outbox.append((sequence) =>
    eventOf(detection, { config, bootId, sequence, session, provider, wallMs }),
  );
  // The log and the counts say no more than the event does.
  const named = "label" in event ? { label: event.label, confidence: event.confidence } : {};
  counters.raised(event);
  parts.host?.raised(event);
  sessions.event(event.session, named.label);
  const { id, sequence, face } = event;
  log.info({ id, sequence, face, report: event.report, ...named }, "event");
}

/** Counts a movement that raised no event, for the process and for the session. */
export function suppress(reason: NoEvent | "no_session", { counters, sessions }: Raising): void {
  counters.suppressed(reason);
  sessions.suppressed(reason);
}
