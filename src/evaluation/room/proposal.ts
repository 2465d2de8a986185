import type { Labelled } from "./labelled.js";
import { type PointScore, pointsOf, scoreAt } from "./operating-point.js";

/** What an operating point has to keep to. */
export interface Wish {
  readonly maxFalsePerHour: number;
  readonly minPrecision: number;
}

/** Labelled movements, and the hours that each session was judged for. */
export interface RoomLabels {
  readonly labelled: readonly Labelled[];
  readonly hoursOf: ReadonlyMap<string, number>;
}

export interface Proposal {
  /** On the labels that it was chosen by: too good. */
  readonly chosen: PointScore;
  /** Each session by the point that the others choose, all together: what to expect. Null with a single session. */
  readonly leftOut: Omit<PointScore, "minEvidence"> | null;
}

/** With fewer labels than these nothing is proposed. */
export const LEAST_LABELS = 30;

/**
 * The operating point that finds most within a wish, scored by leaving out one session after the other.
 * @returns undefined where there are fewer than 30 labels, or no point keeps to the wish
 */
export function propose(room: RoomLabels, wish: Wish): Proposal | undefined {
  if (room.labelled.length < LEAST_LABELS) return undefined;
  const chosen = best(room, wish);
  return chosen && { chosen, leftOut: leaveOneOut(room, wish) };
}

const sum = (hours: Iterable<number>): number => [...hours].reduce((all, each) => all + each, 0);

function best({ labelled, hoursOf }: RoomLabels, wish: Wish): PointScore | undefined {
  const hours = sum(hoursOf.values());
  const allowed = pointsOf(labelled)
    .map((point) => scoreAt(point, labelled, hours))
    .filter(({ falsePerHour, precision }) => {
      return (falsePerHour ?? 0) <= wish.maxFalsePerHour && (precision.value ?? 0) >= wish.minPrecision;
    });
  // Of points that find as many, the strictest.
  return allowed.reduce<PointScore | undefined>((most, each) => {
    return most === undefined || (each.recall.value ?? 0) >= (most.recall.value ?? 0) ? each : most;
  }, undefined);
}

function leaveOneOut({ labelled, hoursOf }: RoomLabels, wish: Wish): Proposal["leftOut"] {
  if (hoursOf.size < 2) return null;
  // Moved so that the point that the others chose lies at 0, all sessions can be scored as one.
  const moved = [...hoursOf.keys()].flatMap((session) => {
    const others = new Map([...hoursOf].filter(([other]) => other !== session));
    const rest = { labelled: labelled.filter((each) => each.session !== session), hoursOf: others };
    const point = best(rest, wish)?.minEvidence ?? Number.POSITIVE_INFINITY;
    return labelled
      .filter((each) => each.session === session)
      .map((each) => ({ ...each, evidence: each.evidence === null ? null : each.evidence - point }));
  });
  const { minEvidence: _, ...score } = scoreAt(0, moved, sum(hoursOf.values()));
  return score;
}
