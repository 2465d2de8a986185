import type { ReportLevel } from "./event.js";

/** `availability`, retained. The broker itself says "offline" when the connection breaks (the last will). */
export interface Availability {
  readonly schema: "flinch/availability/1";
  readonly status: "online" | "stopped" | "offline";
  /** Identifies the start of the daemon that this is about: an "offline" of an earlier one is old news. */
  readonly bootId: string;
  /** Wall clock, ISO 8601; null for "offline", which was written when the connection was made. */
  readonly at: string | null;
}

/** `info`, retained: what this device is; told anew whenever the pipeline begins. */
export interface Info {
  readonly schema: "flinch/info/1";
  readonly device: string;
  readonly bootId: string;
  readonly at: string;
  readonly versions: {
    readonly flinch: string;
    readonly node: string;
    readonly opencv: string;
    readonly onnxruntime: string;
  };
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
  /** Execution provider in force. */
  readonly provider: string;
  /** The TensorRT engine in force; null where none is. */
  readonly engine: string | null;
  /** The declared purpose of the analysis. */
  readonly purpose: string;
  /** How much an event may say. */
  readonly report: ReportLevel;
  /** What arrives on `event/`, and what its events say of an expression with this model and configuration. */
  readonly capabilities: readonly ("micro_expression" | Content)[];
  /** The `schema` of every payload that this version sends. */
  readonly schemas: readonly string[];
}

/** `config/reported`, retained: the configuration in force, credentials hidden, and what became of each document. */
export interface ReportedConfig<Config extends object = object> extends RemoteReport {
  readonly schema: "flinch/config_reported/1";
  readonly bootId: string;
  readonly at: string;
  /** By the documentation of its keys, credentials hidden. */
  readonly config: Config;
}

/** `response/<name>`, or the topic below `response` that the request named (MQTT 5): the one answer to a request. */
export interface Response {
  readonly schema: "flinch/response/1";
  readonly bootId: string;
  readonly at: string;
  /** Name of the request, as it stood in its topic; cut where it is longer than any that there is. */
  readonly request: string;
  /** As the request had it; null where it had none that can be read. */
  readonly transaction: string | null;
  readonly status: "ok" | "error";
  /** Of status "error": for programs, and for a person in one line. */
  readonly error?: { readonly code: string; readonly message: string };
  /** Of status "ok"; its shape is the request's. */
  readonly data?: object;
}

/** What became of the documents of `config/desired`. */
export interface RemoteReport {
  /** Of the device's own; null where there is none. */
  readonly desired: ReportedDocument | null;
  /** Of its groups', by the name of the group. */
  readonly groups: Readonly<Record<string, ReportedDocument | null>>;
  /** Keys whose value counts from the next start of the process on. */
  readonly restartRequired: readonly string[];
}

/** What became of the document that came last. */
export interface ReportedDocument {
  /** Null where none could be read. */
  readonly version: number | null;
  readonly status: "applied" | "pending" | "refused" | "rolled_back";
  /** Why it is not applied, in one line. */
  readonly reason: string | null;
  /** The keys that were refused, each with its reason. */
  readonly refused: readonly { readonly key: string; readonly reason: string }[];
  /** Versions that came with it and were passed over for a newer one, as ranges, ascending. */
  readonly superseded: readonly { readonly from: number; readonly to: number }[];
  /** The version of this document that is in force; null where none is. */
  readonly inForce: number | null;
}

/** The `schema` of every payload, for `info`. */
export const payloadSchemas: readonly string[] = [
  "flinch/availability/1",
  "flinch/info/1",
  "flinch/state/1",
  "flinch/config_reported/1",
  "flinch/micro_expression/1",
  "flinch/session_summary/1",
  "flinch/daily_summary/1",
  "flinch/response/1",
];

/** What an event can hold about an expression besides that there was one. */
export type Content = "emotion" | "valence" | "action_units" | "attention";
