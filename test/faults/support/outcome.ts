import type { Test } from "tap";
import type { Received } from "./received.js";

/** What became of a stream of events. */
export interface Outcome {
  /** What was done to it. */
  readonly fault: string;
  readonly events: number;
  readonly lost: readonly number[];
  readonly duplicates: number;
  /** Sequence numbers under which two different payloads are known. */
  readonly changed: readonly number[];
}

/** Holds what arrived against what was raised: the payload of every event by its sequence number. */
export function outcomeOf(fault: string, raised: ReadonlyMap<number, string>, received: Received): Outcome {
  const changed = new Set(received.changed);
  for (const [sequence, payload] of raised) {
    const arrived = received.first.get(sequence);
    if (arrived !== undefined && arrived !== payload) changed.add(sequence);
  }
  const lost = [...raised.keys()].filter((sequence) => !received.first.has(sequence));
  return { fault, events: raised.size, lost, duplicates: received.duplicates, changed: [...changed] };
}

/** No event is lost, and a duplicate is the first one again, id and sequence number and all. */
export function judge(t: Test, { lost, changed, fault }: Outcome): void {
  t.strictSame(lost, [], `nothing lost: ${fault}`);
  t.strictSame(changed, [], `every duplicate is as the first: ${fault}`);
}

export function inWords({ fault, events, lost, duplicates, changed }: Outcome): string {
  return `${fault}: ${events} events, ${lost.length} lost, ${duplicates} duplicates, ${changed.length} changed`;
}
