import { closed, closedOrNull } from "./schema.js";

/** Schemas of what many payloads hold; `{ ...count, description }` says what is counted. */

export const text = { type: "string" } as const;
export const textOrNull = { type: ["string", "null"] } as const;
export const numberOrNull = { type: ["number", "null"] } as const;

/** How many of something there are. */
export const count = { type: "integer", minimum: 0 } as const;

/** How much of something there is, in the unit that its name ends in. */
export const amount = { type: "number", minimum: 0 } as const;
export const amountOrNull = { type: ["number", "null"], minimum: 0 } as const;

/** A probability, or a part of a whole. */
export const fraction = { type: "number", minimum: 0, maximum: 1 } as const;

const TIMESTAMP = "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$";

/** Wall clock, in milliseconds. */
export const timestamp = { type: "string", pattern: TIMESTAMP, description: "ISO 8601, UTC" } as const;
export const timestampOrNull = { type: ["string", "null"], pattern: TIMESTAMP } as const;

export const bootId = { type: "string", description: "Identifies a start of the daemon" } as const;

/** A random UUID. */
export const randomId = {
  type: "string",
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
} as const;

/** Pseudonym of a person. */
export const subject = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" } as const;

const ofModel = { name: text, version: text, sha256: { type: "string", pattern: "^[0-9a-f]{64}$" } } as const;

export const model = closed({ description: "The recognition model", properties: ofModel });
export const modelOrNull = closedOrNull({
  description: "The recognition model; null if there is no event",
  properties: ofModel,
});

/** Of whatever goes through the outbox. */
export const sequence = {
  type: "integer",
  minimum: 1,
  description: "Counts all events of the device, of every kind, across restarts",
} as const;

/** How often each of several things happened, by its name. */
export const tally = { type: "object", additionalProperties: count } as const;
