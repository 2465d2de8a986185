import { createHash } from "node:crypto";
import {
  type Availability,
  type DailySummary,
  type Deletion,
  type EvidenceMessage,
  type Info,
  type MicroExpressionEvent,
  payloadNameOf,
  type Review,
  type SessionSummary,
  type State,
} from "../../../contract/index.js";
import { reasonOf } from "../../../lib/errors.js";
import { isObject, parseJson } from "../../../lib/json-payload.js";
import type { Row, TableName } from "../schema/index.js";
import { dayRow, deletionRow, eventRow, evidenceRow, reviewRow, sessionRow } from "./outbound-rows.js";
import { availabilityRow, infoRow, slotOf, stateRow } from "./status-rows.js";
import { type Collected, isCollected, misfit } from "./validator.js";

/** A message as it came. */
export interface Message {
  /** In full. */
  readonly topic: string;
  readonly payload: Buffer;
  /** ISO 8601 with microseconds; no two messages of a collector have the same. */
  readonly receivedAt: string;
}

/** A row for a table, as JSON whose names are the table's columns, those of its key first. */
export interface Entry {
  readonly table: TableName;
  readonly json: string;
}

export interface ReaderOptions {
  readonly topicPrefix: string;
  /** Seconds of which one state of each device is kept. */
  readonly stateEveryS: number;
  /** Days that the devices keep what belongs to no session; 0 for ever. */
  readonly retentionDays: number;
}

/** A row without `body`, and with the payload as that where there is one. */
function entry<N extends TableName>(table: N, row: Row<N>, body?: string): Entry {
  const json = JSON.stringify(row);
  return { table, json: body === undefined ? json : `${json.slice(0, -1)},"body":${body}}` };
}

/** Makes rows of messages. */
export class Reader {
  /** Device → slot of the last state that was given on. */
  private readonly slots = new Map<string, string>();

  constructor(private readonly options: ReaderOptions) {}

  /** The rows that a message becomes: none for what says nothing new, one in `refused` for what fits no schema. */
  read(message: Message): Entry[] {
    const { topic, payload } = message;
    const { device, name } = this.placeOf(topic);
    const kind = name === undefined ? undefined : payloadNameOf(name);
    if (device === undefined || !isCollected(kind)) return this.refuse(message, "no topic that a collector takes");
    // Somebody took back what was retained.
    if (payload.length === 0 && !name?.startsWith("event/")) return [];
    let said: unknown;
    try {
      said = parseJson(payload);
    } catch (thrown) {
      return this.refuse(message, `no JSON: ${reasonOf(thrown)}`);
    }
    const wrong = misfit(kind, said) ?? foreign(device, said);
    if (wrong !== undefined) return this.refuse(message, wrong, said);
    return this.rowsOf(kind, device, said, message);
  }

  /** A row for `refused`; where the message has a number, that counts as received. */
  refuse({ topic, payload, receivedAt }: Message, reason: string, said?: unknown): Entry[] {
    const { device = null } = this.placeOf(topic);
    const { bootId, sequence, session } = isObject(said) ? said : {};
    const row: Row<"refused"> = {
      sha256: createHash("sha256").update(topic).update("\0").update(payload).digest("hex"),
      topic,
      device,
      session: typeof session === "string" ? session : null,
      received_at: receivedAt,
      reason: reason.slice(0, 500),
      payload: payload.toString("base64"),
    };
    const numbered = typeof bootId === "string" && Number.isSafeInteger(sequence) && device !== null;
    const count = {
      device: device ?? "",
      boot_id: String(bootId),
      sequence: Number(sequence),
      received_at: receivedAt,
    };
    return [entry("refused", row), ...(numbered ? [entry("received", count)] : [])];
  }

  private placeOf(topic: string): { readonly device?: string; readonly name?: string } {
    const prefix = `${this.options.topicPrefix}/`;
    if (!topic.startsWith(prefix)) return {};
    const [device = "", ...name] = topic.slice(prefix.length).split("/");
    return { device, name: name.join("/") };
  }

  private rowsOf(kind: Collected, device: string, said: unknown, { payload, receivedAt }: Message): Entry[] {
    const body = payload.toString("utf8");
    switch (kind) {
      case "availability":
        return [entry("availability", availabilityRow(device, said as Availability, receivedAt))];
      case "info":
        return [entry("device_info", infoRow(device, said as Info, receivedAt), body)];
      case "state":
        return this.stateOnce(device, said as State, receivedAt, body);
      case "micro_expression":
        return numbered(entry("events", eventRow(said as MicroExpressionEvent, receivedAt), body), said, receivedAt);
      case "session_summary":
        return numbered(
          entry("session_summaries", sessionRow(said as SessionSummary, receivedAt), body),
          said,
          receivedAt,
        );
      case "daily_summary":
        return numbered(entry("daily_summaries", dayRow(said as DailySummary, receivedAt), body), said, receivedAt);
      case "review":
        return numbered(entry("reviews", reviewRow(said as Review, receivedAt), body), said, receivedAt);
      case "evidence":
        return numbered(entry("evidence", evidenceRow(said as EvidenceMessage, receivedAt), body), said, receivedAt);
      case "deletion": {
        const row = deletionRow(said as Deletion, receivedAt, this.options.retentionDays);
        return numbered(entry("deletions", row), said, receivedAt);
      }
    }
  }

  /** The database keeps the first of each slot; most of the others are spared the way there. */
  private stateOnce(device: string, state: State, receivedAt: string, body: string): Entry[] {
    const { stateEveryS } = this.options;
    const slot = slotOf(state.at, stateEveryS);
    if (this.slots.get(device) === slot) return [];
    this.slots.set(device, slot);
    return [entry("states", stateRow(device, state, receivedAt, stateEveryS), body)];
  }
}

function numbered(row: Entry, said: unknown, received_at: string): Entry[] {
  const { device, bootId, sequence } = said as MicroExpressionEvent;
  return [row, entry("received", { device, boot_id: bootId, sequence, received_at })];
}

/** A broker's permissions are about topics: what is said there must be about the same device. */
function foreign(device: string, said: unknown): string | undefined {
  const named = isObject(said) ? said["device"] : undefined;
  return named === undefined || named === device
    ? undefined
    : `the topic is ${device}'s, the payload ${String(named)}'s`;
}
