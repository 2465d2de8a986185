import { randomUUID } from "node:crypto";
import type { Session, SessionReport } from "../../src/contract/index.js";
import type { Excerpt, HistoryOptions, KeptMovement } from "../../src/history/index.js";
import { History } from "../../src/history/index.js";
import { sampleEvent } from "./event.js";
import { Logs } from "./logs.js";
import { Random } from "./random.js";

/** A history for tests: roomy, and silent. */
export function openHistory(directory: string, changes: Partial<HistoryOptions> = {}): History {
  return History.open({ directory, maxBytes: 100_000_000, log: new Logs(), ...changes });
}

/** A session that began this many minutes after noon. */
export function sampleSession(minutes = 0, changes: Partial<Session> = {}): Session {
  const startedAt = new Date(Date.UTC(2026, 2, 2, 12, minutes)).toISOString();
  const said = { room: "Room 2", subject: "p-017", consent: "form-118", purpose: "Training" };
  return { id: randomUUID(), ...said, startedAt, ...changes };
}

export function reportOf({ id, ...rest }: Session): SessionReport {
  return {
    session: id,
    ...rest,
    endedAt: new Date(Date.parse(rest.startedAt) + 60_000).toISOString(),
    durationS: 60,
    reason: "request",
    events: 1,
    labels: {},
    suppressed: {},
    timeline: { binS: 60, events: [1] },
    frames: { captured: 1800, dropped: 0 },
    watched: 1,
    coverage: 1,
    interruptions: 0,
  };
}

/** A movement that raised no event, a second after another of one number less. */
export function withheld(number: number, session: string | null = null, score = 0.4): KeptMovement {
  const apexMs = number * 1000;
  return {
    id: randomUUID(),
    session,
    atMs: Date.UTC(2026, 2, 2, 12) + apexMs,
    movement: {
      face: 1,
      verdict: "none",
      onsetMs: apexMs - 90,
      apexMs,
      offsetMs: apexMs + 110,
      score,
      regions: [{ name: "brow_inner_left", displacement: 4.2 }],
      context: ["talking"],
    },
    event: null,
  };
}

/** The same of one that raised an event. */
export function raised(number: number, session: string | null = null): KeptMovement {
  const event = { ...sampleEvent(number), session };
  const { id, face, onsetMs, apexMs, offsetMs, context } = event;
  const { score, regions } = event.spotting;
  return {
    id,
    session,
    atMs: Date.UTC(2026, 2, 2, 12) + apexMs,
    movement: { id, face, verdict: "event", onsetMs, apexMs, offsetMs, score, regions, context },
    event,
  };
}

/** Motion of two regions, rounded as it is kept. */
export function sampleExcerpt(samples = 150, seed = 1): Excerpt {
  const random = new Random(seed);
  const some = (count: number, digits: number) =>
    Array.from({ length: count }, () => Number((5 * random.normal()).toFixed(digits)));
  const times = Array.from({ length: samples }, (_, i) => Number((1000 + (i * 1000) / 30).toFixed(2)));
  return {
    regions: ["brow_inner_left", "brow_inner_right"],
    timesMs: times,
    displacement: times.map(() => some(4, 2)),
    change: times.map(() => some(2, 4)),
    head: times.map(() => some(4, 2)),
    signal: [{ timeMs: 1040, score: 0.25, group: "brows" }],
  };
}
