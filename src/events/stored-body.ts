import type { MicroExpressionEvent } from "./event.js";

/** The event in a text that was stored under this sequence number; undefined where there is none. */
export function eventIn(body: string, sequence: number): MicroExpressionEvent | undefined {
  try {
    const event = JSON.parse(body) as Partial<MicroExpressionEvent> | null;
    return event?.sequence === sequence && typeof event.id === "string" ? (event as MicroExpressionEvent) : undefined;
  } catch {
    return undefined;
  }
}
