import type { ClipContent } from "../contract/index.js";
import { isObject } from "../lib/json-payload.js";

/** What is known of a clip without its key: the small file beside it. It holds no picture. */
export interface ClipRecord {
  readonly event: string;
  readonly session: string | null;
  /** Of the MP4, before it was encrypted. */
  readonly sha256: string;
  readonly bytes: number;
  readonly codec: string;
  readonly content: ClipContent;
  readonly frames: number;
  /** Of the first and the last frame, milliseconds of the stream. */
  readonly fromMs: number;
  readonly toMs: number;
  /** When it was made, ISO 8601, UTC. */
  readonly at: string;
  /** What it takes on the disk. */
  readonly storedBytes: number;
  /** Ids of the messages about it, the same however often a crash lets them be sent. */
  readonly readyId: string;
  readonly deletedId: string;
  /** The outbox has been given `clip_ready`. */
  readonly told: boolean;
}

const TEXTS = ["event", "sha256", "codec", "content", "at", "readyId", "deletedId"];
const NUMBERS = ["bytes", "frames", "fromMs", "toMs", "storedBytes"];

/** Reads a record; undefined where the text is none. */
export function parseRecord(text: string): ClipRecord | undefined {
  try {
    const record: unknown = JSON.parse(text);
    if (!isObject(record)) return undefined;
    const isWhole =
      TEXTS.every((name) => typeof record[name] === "string") &&
      NUMBERS.every((name) => typeof record[name] === "number") &&
      (record["session"] === null || typeof record["session"] === "string") &&
      typeof record["told"] === "boolean";
    return isWhole ? (record as unknown as ClipRecord) : undefined;
  } catch {
    return undefined;
  }
}
