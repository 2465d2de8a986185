import type { Session } from "../../../src/contract/index.js";
import type { Excerpt, History, KeptMovement } from "../../../src/history/index.js";
import { reportOf } from "../../support/history.js";
import { atRate, raisedCosine, regionNames } from "../../support/motion-stream.js";

/** What training is held to: two sessions of a room with motion, labels and every way to decide. */
export const ROOM_SIGNALS = "test/data/room-signals";
export const ROOM_TWIN = "test/data/room-signals-twin.json";

/** The stream began so long before noon, milliseconds, and not at a whole one. */
const STREAM_ZERO_MS = Date.UTC(2026, 2, 2, 12) - 10_234.37;

const uuid = (number: number) => `${`${number}`.padStart(8, "0")}-0000-4000-8000-000000000000`;

const session = (number: number, subject: string): Session => ({
  id: uuid(number),
  room: "Room 2",
  subject,
  consent: "form-118",
  purpose: "Training",
  startedAt: new Date(Date.UTC(2026, 2, 2, 12, number)).toISOString(),
});

/** A movement of this session, by its onset in the stream. */
function movement({ id }: Session, number: number, onsetMs: number): KeptMovement {
  const [apexMs, offsetMs] = [onsetMs + 120.4, onsetMs + 300.6];
  const shape = { onsetMs, apexMs, offsetMs, score: 0.7, regions: [], context: [] };
  return {
    id: uuid(100 + number),
    session: id,
    atMs: STREAM_ZERO_MS + apexMs,
    movement: { face: 1, verdict: "little_evidence", ...shape },
    event: null,
  };
}

/** Brows that rise over a slow sway, in quarters so that the files stay small; a frame is lost now and then. */
function motionAround({ movement: { onsetMs = 0, apexMs, offsetMs = 0 } }: KeptMovement): Excerpt {
  const from = onsetMs - 3200;
  const timesMs = atRate(30, 5.5).flatMap((ms, i) => (i % 17 === 5 ? [] : [Number((from + ms).toFixed(2))]));
  const quarter = (value: number) => Math.round(4 * value) / 4;
  const risen = (ms: number, name: string) =>
    name.startsWith("brow") ? -14 * raisedCosine(ms, onsetMs, apexMs, offsetMs) : 0;
  return {
    regions: regionNames,
    timesMs,
    displacement: timesMs.map((ms) =>
      regionNames.flatMap((name, r) => [quarter(3 * Math.sin(ms / 900 + r)), quarter(r + risen(ms, name))]),
    ),
    change: timesMs.map((ms) => regionNames.map((name) => (risen(ms, name) < -7 ? 0.25 : 0.05))),
    head: timesMs.map((ms) => [quarter(8 * Math.sin(ms / 1500)), 1.5, quarter(Math.cos(ms / 700)), -0.25]),
    signal: [{ timeMs: onsetMs, score: 0.25, group: "brows" }],
  };
}

export interface RoomKept {
  readonly sessions: readonly Session[];
  /** Real with marks, not real, unsure; real without marks, not real by most. */
  readonly movements: readonly KeptMovement[];
}

/** Keeps both sessions. The third movement begins while the second's motion is still kept. */
export function keepRoom(history: History): RoomKept {
  const sessions = [session(1, "p-017"), session(2, "p-018")];
  const [first, second] = sessions as [Session, Session];
  const movements = [
    movement(first, 1, 71_234.56),
    movement(first, 2, 80_000),
    movement(first, 3, 80_900.25),
    movement(second, 4, 131_000.5),
    movement(second, 5, 140_250),
  ];
  for (const one of sessions) history.beginSession(one);
  for (const kept of movements) {
    history.add(kept);
    history.setExcerpt(kept.id, motionAround(kept));
  }
  const say = (number: number, reviewer: string, decision: "real" | "not_real" | "unsure", marks: object = {}) =>
    history.label({ movement: uuid(100 + number), reviewer, decision, ...marks });
  say(1, "ada", "real", { onsetMs: 71_230, apexMs: 71_350.25, offsetMs: 71_560 });
  say(1, "grace", "real", { onsetMs: 71_240, apexMs: 71_360.25, offsetMs: 71_540 });
  say(1, "lise", "not_real");
  say(2, "ada", "not_real");
  say(3, "ada", "unsure");
  say(4, "ada", "real");
  say(5, "ada", "not_real");
  say(5, "grace", "not_real");
  say(5, "lise", "real", { onsetMs: 140_000 });
  for (const one of sessions) history.endSession(reportOf(one));
  return { sessions, movements };
}
