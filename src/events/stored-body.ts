import type { OutboundEvent } from "./outbound.js";

/** The event in a text that was stored under this sequence number; undefined where there is none. */
export function eventIn(body: string, sequence: number): OutboundEvent | undefined {
  try {
    const event = JSON.parse(body) as Partial<OutboundEvent> | null;
    return event?.sequence === sequence && typeof event.id === "string" ? (event as OutboundEvent) : undefined;
  } catch {
    return undefined;
  }
}
