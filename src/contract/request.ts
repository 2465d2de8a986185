import { NEVER_IN_TEXT } from "../lib/free-text.js";
import { subject } from "./parts.js";
import { closed, type Static } from "./schema.js";

/** Longest payload of a request that is read, in bytes. */
export const MAX_BYTES = 8192;
/** Longest transaction, in UTF-16 code units. */
export const MAX_TRANSACTION = 128;

const transaction = {
  type: ["string", "null"],
  pattern: `^[^${NEVER_IN_TEXT}]{0,${MAX_TRANSACTION}}$`,
  description: "Returned in the response, so that the sender can match the answer",
} as const;

const toTransaction = { $ref: "#/$defs/transaction" } as const;

/** The schema of a request that takes nothing but a transaction. */
const bare = (description: string) =>
  closed({ description, optional: ["transaction"], properties: { transaction: toTransaction } });

/** What each request takes, by its name. */
export const requests = {
  "session/start": closed({
    description: "Opens a session",
    optional: ["transaction", "room", "purpose"],
    properties: {
      transaction: toTransaction,
      subject: {
        ...subject,
        description:
          "Pseudonym of the person filmed, never a name: letters, digits, dots, dashes and underscores, at most 64",
      },
      consent: {
        type: "string",
        pattern: "^[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}$",
        description: "Reference to this person's consent: the number or place of the signed form",
      },
      room: {
        type: "string",
        pattern: `^[^${NEVER_IN_TEXT}]{1,128}$`,
        description: "Room, as named in the session's events; device.room if missing",
      },
      purpose: {
        type: "string",
        pattern: `^[^${NEVER_IN_TEXT}]{1,256}$`,
        description: "Purpose of this session; privacy.purpose if missing",
      },
    },
  }),
  "session/stop": bare("Ends the open session"),
  status: bare("Asks for the current state"),
  diagnostics: bare("Asks whether machine and installation are in order"),
  restart: closed({
    description: "Ends the process cleanly, so that systemd restarts it, or closes and reopens the source",
    optional: ["transaction", "scope"],
    properties: {
      transaction: toTransaction,
      scope: { enum: ["process", "pipeline"], default: "process" },
    },
  }),
  "model/reload": bare("Checks the models' hashes and reopens them"),
  "spotting/recalibrate": bare("Forgets what was learned about every face in view"),
} as const;

export const request = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Request",
  description: `Payload of <prefix>/<device>/request/<name>, at most ${MAX_BYTES} bytes, never retained. $defs has the parameters of each request; others are refused`,
  type: "object",
  properties: { transaction: toTransaction },
  $defs: { transaction, ...requests },
} as const;

export type RequestName = keyof typeof requests;

/** What a request says, its transaction left out. */
export type RequestParameters = {
  readonly [Name in RequestName]: Omit<Static<(typeof request)["$defs"][Name]>, "transaction">;
};

/** What somebody asks a session to be. */
export type SessionWish = RequestParameters["session/start"];
