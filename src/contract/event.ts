import { amount, bootId, model, text, textOrNull, timestamp } from "./parts.js";
import { closed, payload, type Static } from "./schema.js";
import { atSomeLevels, levels, type Statement, statement } from "./statement.js";

/** What a face may do beside a micro-expression, and what is easily taken for one (docs/real-people.md). */
export const contexts = ["talking", "smiling", "blinking", "head_moving", "gaze_shifting"] as const;

export type Context = (typeof contexts)[number];

const milliseconds = (what: string) =>
  ({ ...amount, description: `${what}, milliseconds from the start of the stream` }) as const;

/** What the pipeline found, whatever may be said of it. */
const found = {
  id: {
    type: "string",
    description:
      "Same frames, same model, same configuration: same id. A consumer that sees an id twice received the event twice",
    pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
  },
  face: { type: "integer", description: "Track of the face: 1, 2, … in order of appearance", minimum: 1 },
  onsetMs: milliseconds("Onset"),
  apexMs: milliseconds("Apex"),
  offsetMs: milliseconds("Offset"),
} as const;

const movement = {
  spotting: closed({
    properties: {
      score: {
        type: "number",
        description:
          "What raised the candidate: the learned spotter's probability, 0…1, or a multiple of this person's noise",
      },
      regions: {
        type: "array",
        description: "Face regions that moved, strongest first; none if the movement is too faint to tell",
        items: closed({
          properties: {
            name: text,
            displacement: { type: "number", description: "Apex displacement in thousandths of the eye distance" },
          },
        }),
      },
      reason: { type: "string", description: "Why the candidate was raised" },
    },
  }),
  context: {
    type: "array",
    description:
      'What else the face did, as defined in docs/real-people.md; empty for a still face. At level motion "smiling" is left out. Missing from events raised by a version before this field',
    items: { enum: contexts },
    uniqueItems: true,
  },
  model,
} as const;

const fields = payload({
  title: "Micro-expression event",
  description:
    "Payload of <prefix>/<device>/event/micro_expression. What it reveals of an expression depends on recognition.report: oneOf, below",
  optional: [...atSomeLevels, "context"],
  properties: {
    schema: { const: "flinch/micro_expression/1" },
    ...found,
    ...statement,
    ...movement,
    device: text,
    room: text,
    session: { ...textOrNull, description: "The open session, if any" },
    bootId,
    sequence: {
      type: "integer",
      description: "Counts events across restarts, so that gaps and duplicates show",
      minimum: 1,
    },
    onsetAt: timestamp,
    apexAt: timestamp,
    offsetAt: timestamp,
    provider: { type: "string", description: "Execution provider that ran the model" },
    latencyMs: closed({
      description: "Milliseconds from the capture of the apex, and of the offset, to the moment this event was raised",
      properties: { apex: { type: "number" }, offset: { type: "number" } },
    }),
  },
});

export const microExpression = {
  ...fields,
  oneOf: levels,
} as const;

type Fields = Static<typeof fields>;

/** What the pipeline gives on: everything that depends on the frames, the models and the configuration alone. */
export type Detection = Required<Pick<Fields, keyof typeof found | keyof typeof movement>> & Statement;

/** What subscribers receive on `event/micro_expression`: what the daemon adds to a detection comes with it. */
export type MicroExpressionEvent = Omit<Fields, keyof typeof found | keyof typeof movement | keyof typeof statement> &
  Detection;
