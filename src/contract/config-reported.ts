import { bootId, text, textOrNull, timestamp } from "./parts.js";
import { closed, closedOrNull, payload, type Static } from "./schema.js";

const version = { type: "integer", minimum: 1 } as const;
const versionOrNull = { type: ["integer", "null"], minimum: 1 } as const;

const document = closedOrNull({
  description: "What became of the document that arrived last; null if there is none",
  properties: {
    version: { ...versionOrNull, description: "Null if none could be read" },
    status: { enum: ["applied", "pending", "refused", "rolled_back"] },
    reason: { ...textOrNull, description: "Why it is not applied" },
    refused: {
      type: "array",
      description: "The keys that were refused, 20 at most",
      maxItems: 20,
      items: closed({ properties: { key: text, reason: text } }),
    },
    superseded: {
      type: "array",
      description: "Versions that arrived with it and were skipped for a newer one, as ranges, ascending",
      items: closed({ properties: { from: version, to: version } }),
    },
    inForce: { ...versionOrNull, description: "The version of this document that is in force; null if none is" },
  },
});

const toDocument = { $ref: "#/$defs/document" } as const;

export const configReported = {
  ...payload({
    title: "Reported configuration",
    description:
      "Payload of <prefix>/<device>/config/reported, retained: the configuration in force, with credentials hidden, and what became of the config/desired documents",
    properties: {
      schema: { const: "flinch/config_reported/1" },
      bootId,
      at: timestamp,
      config: { type: "object" },
      desired: toDocument,
      groups: {
        type: "object",
        description: "The documents of the device's groups, by group name",
        additionalProperties: toDocument,
      },
      restartRequired: {
        type: "array",
        description: "Keys whose value takes effect at the next start of the process",
        items: text,
      },
    },
  }),
  $defs: { document },
} as const;

type Reported = Static<typeof configReported>;

/** `config/reported`, retained: the configuration in force, credentials hidden, and what became of each document. */
export type ReportedConfig<Config extends object = object> = Omit<Reported, "config"> & { readonly config: Config };

/** What became of the documents of `config/desired`. */
export type RemoteReport = Pick<Reported, "desired" | "groups" | "restartRequired">;

/** What became of the document that came last. */
export type ReportedDocument = NonNullable<Static<typeof document>>;
