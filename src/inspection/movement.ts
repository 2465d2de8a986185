import type { Context } from "../context/index.js";
import type { Statement } from "../events/statement.js";
import type { NoEvent, Outcome } from "../pipeline.js";

export type MovementVerdict = "event" | NoEvent;

/** A movement that the spotter noticed, as the page lists it. Times are of the stream, in milliseconds. */
export interface Movement {
  readonly face: number;
  readonly verdict: MovementVerdict;
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
  readonly thumbnails?: Thumbnails;
}

/** Pictures of a candidate as data URIs. */
export interface Thumbnails {
  readonly onset: string;
  readonly apex: string;
}

/** Everything about an outcome but its pictures. */
export function movementOf({ face, verdict, spotted, context, id, statement }: Outcome): Movement {
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
  };
}

/** Who decided: 2 where it became an event, 1 where the recogniser was asked or should have been, 0 for the spotter. */
export function rankOf({ verdict }: Pick<Movement, "verdict">): 0 | 1 | 2 {
  if (verdict === "event") return 2;
  return verdict === "none" || verdict === "low_confidence" || verdict === "clip_lost" ? 1 : 0;
}
