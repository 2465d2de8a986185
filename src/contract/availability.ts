import { bootId, timestamp } from "./parts.js";
import { payload, type Static } from "./schema.js";

export const availability = payload({
  title: "Availability",
  description: 'Payload of <prefix>/<device>/availability, retained; "offline" is the last will',
  properties: {
    schema: { const: "flinch/availability/1" },
    status: {
      enum: ["online", "stopped", "offline"],
      description: "stopped after a clean stop, offline after a crash or a lost connection",
    },
    bootId,
    at: {
      anyOf: [timestamp, { type: "null" }],
      description: "When this was sent; null for offline, which the broker sends",
    },
  },
});

/** `availability`, retained. The broker itself says "offline" when the connection breaks (the last will). */
export type Availability = Static<typeof availability>;
