import { bootId, timestamp } from "./parts.js";
import { MAX_TRANSACTION } from "./request.js";
import { closed, payload, type Static } from "./schema.js";

const fields = payload({
  title: "Response",
  description:
    "Payload of <prefix>/<device>/response/<name>, or of the topic below response that the request named (MQTT 5), not retained",
  optional: ["error", "data"],
  properties: {
    schema: { const: "flinch/response/1" },
    bootId,
    at: timestamp,
    request: { type: "string", maxLength: 256, description: "Name of the request, as in its topic" },
    transaction: {
      type: ["string", "null"],
      maxLength: MAX_TRANSACTION,
      description: "As in the request; null if it had none that could be read",
    },
    status: { enum: ["ok", "error"] },
    error: closed({
      description: "Why the request was refused or failed",
      properties: {
        code: { type: "string", description: "For programs", pattern: "^[A-Z][A-Z0-9_]*$" },
        message: { type: "string", description: "For people, one line: what is wrong, and what to do" },
      },
    }),
    data: { type: "object", description: "What was asked for; its shape depends on the request" },
  },
});

export const response = {
  ...fields,
  oneOf: [
    { properties: { status: { const: "ok" }, error: false } },
    { properties: { status: { const: "error" }, error: true, data: false }, required: ["error"] },
  ],
} as const;

/** `response/<name>`, or the topic below `response` that the request named (MQTT 5): the one answer to a request. */
export type Response = Omit<Static<typeof fields>, "data"> & { readonly data?: object };
