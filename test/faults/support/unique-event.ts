import { randomUUID } from "node:crypto";
import type { MicroExpressionEvent } from "../../../src/contract/event.js";
import { sampleEvent } from "../../support/event.js";

/** An event like no other: a number that is given twice shows by its id. */
export function uniqueEvent(sequence: number): MicroExpressionEvent {
  return { ...sampleEvent(sequence), id: randomUUID() };
}
