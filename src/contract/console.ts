import { NEVER_IN_TEXT } from "../lib/free-text.js";
import { amount } from "./parts.js";
import { requests } from "./request.js";
import { closed, type Static } from "./schema.js";

const { transaction: _, ...sessionProperties } = requests["session/start"].properties;

/** Text of several lines. */
const note = { type: "string", maxLength: 2000, pattern: "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$" } as const;
const reviewer = { type: "string", pattern: `^[^${NEVER_IN_TEXT}]{1,64}$` } as const;

/** What the console's pages send, by its route. */
export const consoleBodies = {
  login: closed({
    properties: { name: { type: "string", maxLength: 64 }, password: { type: "string", maxLength: 1024 } },
  }),
  /** As `request/session/start` takes it over MQTT, without a transaction. */
  session: closed({ optional: ["room", "purpose"], properties: sessionProperties }),
  note: closed({ properties: { note } }),
  label: closed({
    optional: ["reviewer", "onsetMs", "apexMs", "offsetMs", "note"],
    properties: {
      movement: { type: "string", maxLength: 64 },
      /** Counts only where nobody logs in: else it is whoever is logged in. */
      reviewer,
      decision: { enum: ["real", "not_real", "unsure", "withdrawn"] },
      onsetMs: amount,
      apexMs: amount,
      offsetMs: amount,
      note,
    },
  }),
} as const;

/** The body of each route. */
export type ConsoleBody = { readonly [Route in keyof typeof consoleBodies]: Static<(typeof consoleBodies)[Route]> };

const id = { type: "string", pattern: "^[0-9a-f-]{36}$" } as const;
/** "none" stands for what lies outside of sessions. */
const sessionOrNone = { type: "string", pattern: "^([0-9a-f-]{36}|none)$" } as const;
const page = { type: "integer", minimum: 1, maximum: 500 } as const;
const time = { type: "integer", minimum: 0 } as const;

/** What stands in addresses: their parameters and queries. Texts, so their types are coerced. */
export const consoleAddresses = {
  id: closed({ properties: { id } }),
  sessions: closed({ optional: ["before", "limit"], properties: { before: time, limit: page } }),
  movements: closed({
    optional: ["session", "raised", "before", "beforeId", "reviewer", "limit"],
    properties: {
      session: sessionOrNone,
      raised: { type: "boolean" },
      before: time,
      beforeId: id,
      reviewer,
      limit: page,
    },
  }),
  reviewer: closed({ optional: ["reviewer"], properties: { reviewer } }),
  file: closed({ properties: { id: sessionOrNone, name: { type: "string", pattern: "^[a-z]{1,16}\\.[a-z]{1,8}$" } } }),
  agreement: closed({ optional: ["session"], properties: { session: id } }),
} as const;

export type ConsoleAddress = {
  readonly [Route in keyof typeof consoleAddresses]: Static<(typeof consoleAddresses)[Route]>;
};
