import type { Labelled } from "./labelled.js";
import { type Share, shareOf } from "./wilson.js";

/** What an operating point would have done with the movements that were labelled. */
export interface PointScore {
  /** Least evidence of an event, log odds. */
  readonly minEvidence: number;
  /** Of the events, how many are real. */
  readonly precision: Share;
  /** Of the labelled movements that are real, how many are events. */
  readonly recall: Share;
  readonly falseEvents: number;
  /** Null where no time was judged. */
  readonly falsePerHour: number | null;
}

/** Scores an operating point on labelled movements of so many hours in which a face could be judged. */
export function scoreAt(minEvidence: number, labelled: readonly Labelled[], hours: number): PointScore {
  const raised = labelled.filter(({ evidence }) => evidence !== null && evidence >= minEvidence);
  const found = raised.filter(({ real }) => real).length;
  const falseEvents = raised.length - found;
  return {
    minEvidence,
    precision: shareOf(found, raised.length),
    recall: shareOf(found, labelled.filter(({ real }) => real).length),
    falseEvents,
    falsePerHour: hours > 0 ? falseEvents / hours : null,
  };
}

/** Every operating point at which something changes, ascending, rounded down to hundredths. */
export function pointsOf(labelled: readonly Labelled[]): number[] {
  const evidences = labelled.flatMap(({ evidence }) => (evidence === null ? [] : Math.floor(100 * evidence) / 100));
  return [...new Set(evidences)].sort((a, b) => a - b);
}
