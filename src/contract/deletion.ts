import { bootId, count, randomId, sequence, text, textOrNull, timestamp } from "./parts.js";
import { payload, type Static } from "./schema.js";

export const deletion = payload({
  title: "Deletion",
  description:
    "Payload of <prefix>/<device>/event/deletion, not retained: the device has deleted what it kept of a session. Who holds copies deletes them too",
  properties: {
    schema: { const: "flinch/deletion/1" },
    id: { ...randomId, description: "A consumer that sees an id twice received the deletion twice" },
    device: text,
    bootId,
    sequence,
    session: { ...textOrNull, description: "Null for what belonged to no session" },
    reason: { enum: ["request", "retention"], description: "Somebody asked for it, or it was kept long enough" },
    by: { ...textOrNull, description: "Who asked for it; null if nobody did" },
    at: timestamp,
    movements: { ...count, description: "Movements deleted, with or without an event" },
    events: { ...count, description: "Those of them that had raised an event" },
    labels: { ...count, description: "Versions of labels deleted" },
    clips: { ...count, description: "Excerpts of motion deleted; they hold no picture" },
  },
});

/** What subscribers receive on `event/deletion`: that what was kept is gone, and nothing of what it was. */
export type Deletion = Static<typeof deletion>;

/** Why something was deleted. */
export type DeletionReason = Deletion["reason"];
