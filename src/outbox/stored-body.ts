import type { OutboundEvent } from "../contract/index.js";
import { checksumOf } from "./checksum.js";
import type { ReadEvent } from "./event-row.js";

/** The event of a row; undefined where it is not what was stored. */
export function eventOf({ sequence, body, crc32 }: ReadEvent): OutboundEvent | undefined {
  if (crc32 !== null && crc32 !== checksumOf(sequence, body)) return undefined;
  return eventIn(body, sequence);
}

/** The event in a text that was stored under this sequence number; undefined where there is none. */
export function eventIn(body: string, sequence: number): OutboundEvent | undefined {
  try {
    const event = JSON.parse(body) as Partial<OutboundEvent> | null;
    return event?.sequence === sequence && typeof event.id === "string" ? (event as OutboundEvent) : undefined;
  } catch {
    return undefined;
  }
}
