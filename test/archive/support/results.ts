import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AnalysisSummary } from "../../../src/api/index.js";
import type { Detection } from "../../../src/contract/index.js";
import type { Movement } from "../../../src/pipeline/index.js";

export const model = { name: "hsta-tiny-112", version: "1.0.0", sha256: "a".repeat(64) };

export const summary: AnalysisSummary = {
  schema: "flinch/analysis_summary/1",
  video: "=Room 3, morning.mp4",
  frames: 600,
  framesPerSecond: 60,
  minutes: { video: 0.2, judged: 0.2, notJudged: {} },
  coverage: 1,
  faces: 2,
  events: 3,
  eventsPerHour: 900,
  withheld: { blink: 1 },
  model,
  provider: "cpu",
  regions: ["brow_left", "brow_right"],
  cut: null,
};

export function detection(face: number, onsetMs: number, id: string): Detection {
  return {
    id,
    face,
    onsetMs,
    apexMs: onsetMs + 120.4,
    offsetMs: onsetMs + 300.6,
    report: "emotion",
    label: "happy",
    confidence: 0.8,
    none: 0.1,
    probabilities: { happy: 0.8, sad: 0.1, none: 0.1 },
    valence: { negative: 0.1, positive: 0.8, surprise: 0.1 },
    actionUnits: { AU6: 0.4, AU12: 0.9 },
    spotting: {
      score: 0.97,
      regions: [{ name: "mouth_corner_left", displacement: 9 }],
      reason: 'said "so", and smiled',
    },
    context: face === 1 ? ["talking", "smiling"] : [],
    model,
  };
}

// The second begins before the first is over: ELAN has no room for both on one tier.
export const events = [
  detection(1, 3_600_500.2, "one"),
  detection(1, 3_600_700, "two"),
  detection(2, 1000, "three"),
] as const;

const blink: Movement = { face: 2, verdict: "blink", apexMs: 5000, score: 0.6, regions: [], context: ["blinking"] };

const movements: readonly Movement[] = [
  ...events.map((event) => ({ ...event, verdict: "event" as const, score: 0.97, regions: [], statement: event })),
  blink,
];

const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join("");

export interface Written {
  readonly events?: readonly Detection[];
  readonly summary?: object;
  /** Lines of `signals.ndjson`; without, there is none. */
  readonly signals?: readonly object[];
}

/** A folder of results like `flinch analyze --out` makes them. */
export function resultsIn(parent: string, name = "room-3", written: Written = {}): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "summary.json"), JSON.stringify(written.summary ?? summary, undefined, 2));
  writeFileSync(join(folder, "events.ndjson"), lines(written.events ?? events));
  writeFileSync(join(folder, "movements.ndjson"), lines(movements.map((one) => ({ kind: "movement", ...one }))));
  if (written.signals) writeFileSync(join(folder, "signals.ndjson"), lines(written.signals));
  return folder;
}
