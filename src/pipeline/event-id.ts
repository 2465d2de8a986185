import { createHash } from "node:crypto";

/** What makes an expression this one and no other. */
export interface EventIdParts {
  /** The stream: for a file its content or path, for a camera its name with this start's boot id. */
  readonly source: string;
  readonly face: number;
  /** Milliseconds from the start of the stream. */
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
  /** SHA-256 of the recognition model, hexadecimal. */
  readonly modelSha256: string;
}

/**
 * The id of an event: a UUID of version 8 (RFC 9562) made of the first 122 bits of a SHA-256, so that the same
 * expression seen by the same model has the same id on every run. Times count to the microsecond.
 */
export function eventId(parts: EventIdParts): string {
  const microseconds = [parts.onsetMs, parts.apexMs, parts.offsetMs].map((ms) => Math.round(ms * 1000));
  const text = JSON.stringify([
    "flinch/micro_expression",
    parts.source,
    parts.face,
    ...microseconds,
    parts.modelSha256,
  ]);
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
