import { clipContents } from "./evidence.js";
import { bootId, count, model, text, textOrNull, timestamp } from "./parts.js";
import { closed, closedOrNull, payload, type Static } from "./schema.js";
import { reportLevels } from "./statement.js";

/** What an event can hold about an expression besides that there was one. */
const contents = ["emotion", "valence", "action_units", "attention"] as const;

export type Content = (typeof contents)[number];

export const info = payload({
  title: "Device information",
  description: "Payload of <prefix>/<device>/info, retained",
  properties: {
    schema: { const: "flinch/info/1" },
    device: text,
    bootId,
    at: timestamp,
    versions: closed({ properties: { flinch: text, node: text, opencv: text, onnxruntime: text } }),
    model,
    provider: { type: "string", description: "Execution provider in force" },
    engine: { ...textOrNull, description: "Key of the TensorRT engine in force; null if none is" },
    purpose: { type: "string", description: "Declared purpose of the analysis" },
    report: { enum: reportLevels, description: "How much an event may reveal (recognition.report)" },
    evidence: closedOrNull({
      description: "What is kept of every event as video on the device; null if no picture is",
      properties: {
        content: { enum: clipContents, description: "The aligned crop of the face, or the frame around it" },
        purpose: { type: "string", description: "What the clips are for" },
        retentionDays: { ...count, description: "Days that a clip is kept" },
      },
    }),
    capabilities: {
      type: "array",
      description:
        "What arrives on event/ (micro_expression), and what its events reveal of an expression with this model and configuration",
      items: { enum: ["micro_expression", ...contents] },
      uniqueItems: true,
    },
    schemas: { type: "array", description: "The schema of every payload that this version sends", items: text },
  },
});

/** `info`, retained: what this device is; told anew whenever the pipeline begins. */
export type Info = Static<typeof info>;
