import type { MicroExpressionEvent } from "../../src/contract/event.js";
import type { EmotionStatement } from "../../src/contract/statement.js";
import { eventId } from "../../src/pipeline/event-id.js";

const sha256 = "ab".repeat(32);

/** An event as the daemon raises it, with all that it can say. */
export function sampleEvent(sequence = 1): MicroExpressionEvent & EmotionStatement {
  return {
    schema: "flinch/micro_expression/1",
    id: eventId({
      source: "test",
      face: 1,
      onsetMs: sequence,
      apexMs: sequence + 90,
      offsetMs: sequence + 200,
      modelSha256: sha256,
    }),
    face: 1,
    onsetMs: sequence,
    apexMs: sequence + 90,
    offsetMs: sequence + 200,
    report: "emotion",
    label: "surprise",
    confidence: 0.8,
    none: 0.2,
    probabilities: { surprise: 0.8, none: 0.2 },
    valence: { negative: 0, positive: 0, surprise: 1 },
    spotting: { score: 7.5, regions: [{ name: "left brow", displacement: 12 }], reason: "both brows rose" },
    context: ["talking"],
    model: { name: "hsta", version: "1", sha256 },
    device: "device",
    room: "room",
    session: null,
    bootId: "boot",
    sequence,
    onsetAt: "2024-01-01T00:00:00.000Z",
    apexAt: "2024-01-01T00:00:00.090Z",
    offsetAt: "2024-01-01T00:00:00.200Z",
    provider: "cpu",
    latencyMs: { apex: 150, offset: 40 },
  };
}
