import type { Pause } from "../capture/gate.js";
import type { Config } from "../config/schema/index.js";
import type { BoardReading } from "../device/board/board.js";
import type { TakeoverCount } from "../mqtt/takeovers.js";
import type { OutboxStats } from "../outbox/outbox.js";
import type { Load } from "../pipeline/load-shedder.js";
import type { PipelineStats } from "../pipeline/pipeline.js";
import type { Content } from "../recognition/heads.js";
import type { ReportLevel } from "../recognition/report-level.js";
import type { CaptureStats } from "../stream/frame.js";

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

/** `state`, retained, periodic. */
export interface State {
  readonly schema: "flinch/state/1";
  readonly bootId: string;
  readonly at: string;
  readonly uptimeS: number;
  /** Times that the pipeline began since the start of the daemon; `source`, `faces` and `clips` count anew with each. */
  readonly watches: number;
  readonly source: { readonly description: string } & Omit<CaptureStats, "lastError" | "status"> & {
      /** "paused" where nothing is to be watched now: the source is closed. */
      readonly status: CaptureStats["status"] | "paused";
      readonly lastError: string | null;
    };
  /** Why nothing is watched now; empty while something is. */
  readonly pauses: readonly Pause[];
  /** The open session; who it is about is told to nobody here. */
  readonly session: { readonly id: string; readonly startedAt: string } | null;
  /** Followed now; seen and not analysed. */
  readonly faces: PipelineStats["faces"];
  /** For how long a face could be judged, and why not; seconds since the pipeline began. */
  readonly coverage: {
    readonly watchedS: number;
    readonly judgedS: number;
    readonly notJudgedS: Readonly<Record<string, number>>;
  };
  readonly clips: PipelineStats["clips"];
  /** Milliseconds a stage took, by its name, over the last seconds. */
  readonly stagesMs: Readonly<Record<string, { readonly p50: number; readonly p95: number }>>;
  readonly events: Omit<OutboxStats, "appended" | "lastError"> & {
    readonly raised: number;
    readonly published: number;
    readonly lastError: string | null;
  };
  /** Candidates that raised no event, by the reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  readonly provider: string;
  /** How it stands with the TensorRT engine; "building" is a warming daemon, on the provider above. */
  readonly engine: {
    readonly status: "ready" | "missing" | "building" | "failed" | "none";
    /** Null where there is none. */
    readonly key: string | null;
    /** Why it does not run, in one line; null where it does or is not wished for. */
    readonly reason: string | null;
  };
  readonly rssMb: number;
  /** Null where the board tells nothing, or is not asked (board.enabled). */
  readonly board: BoardReading | null;
  /** What is left out because the board is hot. */
  readonly load: Load & {
    /** Frames of this watch that were left out on purpose, beside those dropped. */
    readonly framesLeftOut: number;
  };
  readonly broker: Omit<LinkStatus, "lastError"> & { readonly lastError: string | null };
}

/** `config/reported`, retained: the configuration in force, credentials hidden, and what became of each document. */
export interface ReportedConfig extends RemoteReport {
  readonly schema: "flinch/config_reported/1";
  readonly bootId: string;
  readonly at: string;
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

/** How the connection to the broker is. */
export interface LinkStatus {
  readonly connected: boolean;
  /** The broker, without credentials. */
  readonly url: string;
  readonly protocol: "5" | "3.1.1";
  /** Connections made after the first. */
  readonly reconnects: number;
  /** Events that the broker acknowledged since the start. */
  readonly published: number;
  /** Milliseconds from handing an event to the connection to the broker's acknowledgement; 0 before the first. */
  readonly acceptMs: { readonly last: number; readonly p95: number };
  /** Times that another client with this one's identifier took the connection. */
  readonly takeovers: TakeoverCount;
  /** Why there is or was no connection, in one line; undefined once there is one. */
  readonly lastError: string | undefined;
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
