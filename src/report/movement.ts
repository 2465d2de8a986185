import type { Context, Statement } from "../contract/event.js";
import type { NoEvent, Outcome } from "../pipeline/pipeline.js";

export type MovementResult = "event" | NoEvent;

/** A movement that the spotter noticed, as the page lists it. Times are of the stream, in milliseconds. */
export interface Movement {
  readonly face: number;
  readonly verdict: MovementResult;
  readonly apexMs: number;
  /** Missing where the movement has no shape. */
  readonly onsetMs?: number;
  readonly offsetMs?: number;
  readonly score: number;
  /** Regions that moved, strongest first, with their displacement at the apex in thousandths of the eye distance. */
  readonly regions: readonly { readonly name: string; readonly displacement: number }[];
  /** What the face did meanwhile, beside the movement. */
  readonly context: readonly Context[];
  /** Of an event. */
  readonly id?: string;
  /** Missing where the recogniser has not seen it. */
  readonly statement?: Statement;
  /** Of spotter and recogniser together, log odds; missing where there is none. */
  readonly evidence?: number;
  readonly thumbnails?: Thumbnails;
}

/** Pictures of a candidate as data URIs. */
export interface Thumbnails {
  readonly onset: string;
  readonly apex: string;
}

/** Everything about an outcome but its pictures. */
export function movementOf({ face, verdict, spotted, context, id, statement, evidence }: Outcome): Movement {
  const known = spotted.kind === "candidate" ? spotted.candidate : spotted.movement;
  const { apexMs, score } = spotted.kind === "candidate" ? spotted.candidate : spotted;
  return {
    face,
    verdict,
    apexMs: known?.apexMs ?? apexMs,
    ...(known && { onsetMs: known.onsetMs, offsetMs: known.offsetMs }),
    score,
    regions: known?.regions ?? [],
    context,
    ...(id !== undefined && { id }),
    ...(statement && { statement }),
    ...(evidence !== undefined && { evidence: Number(evidence.toFixed(3)) }),
  };
}

const RANKS: Readonly<Record<MovementResult, 0 | 1 | 2>> = {
  event: 2,
  none: 1,
  little_evidence: 1,
  low_confidence: 1,
  clip_lost: 1,
  blink: 0,
  gaze: 0,
  head_motion: 0,
  speech: 0,
  too_strong: 0,
  not_returning: 0,
  too_short: 0,
  too_long: 0,
};

/** Who decided: 2 where it became an event, 1 where the recogniser was asked or should have been, 0 for the spotter. */
export const rankOf = ({ verdict }: Pick<Movement, "verdict">): 0 | 1 | 2 => RANKS[verdict];
