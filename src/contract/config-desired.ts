import { payload } from "./schema.js";

export const configDesired = payload({
  title: "Desired configuration",
  description:
    "Payload of <prefix>/<device>/config/desired and <prefix>/_groups/<group>/config/desired, retained, written by an operator: overrides of the local configuration; an empty payload withdraws them",
  optional: ["schema", "signature"],
  properties: {
    schema: { const: "flinch/config_desired/1" },
    version: {
      type: "integer",
      description: "Higher than that of every earlier document on this topic",
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    },
    config: {
      type: "object",
      description:
        "RFC 7396 merge patch over the configuration; only keys marked remote in docs/configuration.md; null resets a value",
    },
    signature: {
      type: "string",
      description: "Ed25519, base64, over the RFC 8785 canonical JSON of topic, version and config",
      pattern: "^[A-Za-z0-9+/]{86}==$",
    },
  },
});
