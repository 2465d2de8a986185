import type { Detection } from "../contract/index.js";
import type { Movement, MovementResult } from "../pipeline/index.js";

/** A movement as the page lists it. */
export interface ListedMovement extends Movement {
  /** What it raised. */
  readonly event?: Detection;
  readonly thumbnails?: Thumbnails;
  /** The motion around it, as `packExcerpt` leaves it; comes when its end has been seen. */
  excerpt?: Buffer;
}

/** Pictures of a candidate as data URIs. */
export interface Thumbnails {
  readonly onset: string;
  readonly apex: string;
}

/** Who decided on a movement. */
export type Rank = 0 | 1 | 2;

const RANKS: Readonly<Record<MovementResult, Rank>> = {
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
export const rankOf = ({ verdict }: Pick<Movement, "verdict">): Rank => RANKS[verdict];
