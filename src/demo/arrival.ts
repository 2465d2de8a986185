import type { MicroExpressionEvent } from "../contract/index.js";

/** An event as a subscriber got it. */
export type Arrival = MicroExpressionEvent & {
  /** Milliseconds from the end of the expression in front of the camera to the event's arrival at the subscriber. */
  readonly arrivedAfterMs: number;
};

/** @param nowMs wall clock of the arrival, milliseconds since the Unix epoch */
export function arrivalOf(event: MicroExpressionEvent, nowMs: number): Arrival {
  return { ...event, arrivedAfterMs: nowMs - Date.parse(event.offsetAt) };
}
