import { randomUUID } from "node:crypto";
import type { MicroExpressionEvent, Session } from "../../../src/contract/index.js";
import type { Excerpt, History, KeptMovement } from "../../../src/history/index.js";
import { reportOf, sampleSession } from "../../support/history.js";
import { detection } from "./results.js";

/** The stream began so many milliseconds before noon, and not at a whole one. */
export const STREAM_ZERO_MS = Date.UTC(2026, 2, 2, 12) - 61_234.37;

const at = (timeMs: number): string => new Date(STREAM_ZERO_MS + timeMs).toISOString();

/** An event as a daemon raises it and keeps it, at an onset of the stream. */
export function keptEvent(session: Session | null, onsetMs: number, face = 1): KeptMovement {
  const found = detection(face, onsetMs, randomUUID());
  const { id, apexMs, offsetMs, spotting, context } = found;
  const event: MicroExpressionEvent = {
    schema: "flinch/micro_expression/1",
    ...found,
    device: "Room 3/east",
    room: session?.room ?? "Room 2",
    session: session?.id ?? null,
    bootId: "boot",
    sequence: 1,
    onsetAt: at(onsetMs),
    apexAt: at(apexMs),
    offsetAt: at(offsetMs),
    provider: "cpu",
    latencyMs: { apex: 400, offset: 200 },
  };
  const { score, regions } = spotting;
  const movement = { face, verdict: "event" as const, onsetMs, apexMs, offsetMs, score, regions, context, id };
  const kept = { id, session: event.session, atMs: Date.parse(event.apexAt), event };
  // The pipeline hands on the whole event as its statement.
  return { ...kept, movement: { ...movement, statement: found } };
}

/** A movement that raised none, and has no shape. */
export function keptBlink(session: Session | null, apexMs: number): KeptMovement {
  const movement = { face: 1, verdict: "blink" as const, apexMs, score: 0.6, regions: [], context: [] };
  return { id: randomUUID(), session: session?.id ?? null, atMs: STREAM_ZERO_MS + apexMs, movement, event: null };
}

/** Half a second of motion around a moment, 60 samples a second, with a word of the spotter at every third. */
export function excerptAt(apexMs: number, regions: readonly string[] = ["brow_left", "brow_right"]): Excerpt {
  const timesMs = Array.from({ length: 30 }, (_, i) => Math.round((apexMs - 250 + (i * 1000) / 60) * 100) / 100);
  return {
    regions,
    timesMs,
    displacement: timesMs.map((_, i) => regions.flatMap((_, r) => [i + r / 10, -i])),
    change: timesMs.map(() => regions.map((_, r) => r / 10)),
    head: timesMs.map((_, i) => [i / 2, 0, -1.5, 0.25]),
    signal: timesMs.flatMap((timeMs, i) => (i % 3 === 1 ? [{ timeMs, score: i / 100, group: "brows" }] : [])),
  };
}

export interface KeptSession {
  readonly session: Session;
  readonly events: readonly KeptMovement[];
  readonly blink: KeptMovement;
}

/** A session with two events, a blink, motion around all of them, and two reviewers who disagree. */
export function keepSession(history: History): KeptSession {
  const session = sampleSession();
  const events = [keptEvent(session, 71_234.567), keptEvent(session, 71_400.91), keptEvent(session, 80_000, 2)];
  const blink = keptBlink(session, 75_000.5);
  history.beginSession(session);
  for (const kept of [...events, blink]) {
    history.add(kept);
    history.setExcerpt(kept.id, excerptAt(kept.movement.apexMs));
  }
  const [first, second] = events;
  const movement = first?.id ?? "";
  history.label({ movement, reviewer: "ada", decision: "unsure" });
  const marks = { onsetMs: 71_230, apexMs: 71_350.25, offsetMs: 71_600 };
  history.label({
    movement,
    reviewer: "ada",
    decision: "real",
    ...marks,
    note: '=HYPERLINK("http://evil")\n- both "brows"',
  });
  history.label({ movement, reviewer: "grace", decision: "not_real", note: "speech; @home" });
  history.label({ movement: second?.id ?? "", reviewer: "ada", decision: "real" });
  history.label({ movement: blink.id, reviewer: "grace", decision: "real" });
  history.label({ movement: blink.id, reviewer: "grace", decision: "withdrawn" });
  history.noteSession(session.id, "restless");
  history.endSession(reportOf(session));
  return { session, events, blink };
}
