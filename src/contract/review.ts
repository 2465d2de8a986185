import { amountOrNull, bootId, modelOrNull, randomId, sequence, text, textOrNull, timestamp } from "./parts.js";
import { payload, type Static } from "./schema.js";

/** What a reviewer makes of a movement. */
export const decisions = ["real", "not_real", "unsure"] as const;

const marked = (what: string) =>
  ({
    ...amountOrNull,
    description: `${what} as this reviewer marks it, milliseconds from the start of the stream; null if not marked`,
  }) as const;

export const review = payload({
  title: "Review",
  description:
    "Payload of <prefix>/<device>/event/review, not retained: what a person says of a movement, once for each version",
  properties: {
    schema: { const: "flinch/review/1" },
    id: { ...randomId, description: "Of the label. A consumer that sees an id twice received the review twice" },
    device: text,
    bootId,
    sequence,
    movement: { type: "string", description: "The movement: the event's id if it raised an event" },
    event: { ...textOrNull, description: "Id of the event; null if the movement raised none" },
    session: { ...textOrNull, description: "The session of the movement, if any" },
    reviewer: { type: "string", description: "Who says it", minLength: 1, maxLength: 64 },
    decision: {
      enum: [...decisions, "withdrawn"],
      description: "Whether it was a micro-expression; withdrawn: the reviewer takes back what the last version says",
    },
    onsetMs: marked("Onset"),
    apexMs: marked("Apex"),
    offsetMs: marked("Offset"),
    note: { type: "string", description: "In the reviewer's words; empty for none", maxLength: 2000 },
    version: {
      type: "integer",
      description: "1, 2, … of this reviewer for this movement: the highest holds",
      minimum: 1,
    },
    at: { ...timestamp, description: "When the reviewer said so, ISO 8601, UTC" },
    flinch: { type: "string", description: "Version of Flinch at which it was said" },
    model: modelOrNull,
  },
});

/** What subscribers receive on `event/review`: a version of what one reviewer says of one movement. */
export type Review = Static<typeof review>;

/** What a reviewer makes of a movement. */
export type Decision = (typeof decisions)[number];
