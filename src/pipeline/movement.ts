import type { Context, Statement } from "../contract/index.js";
import type { NoEvent, Outcome } from "./outcome.js";

/** An event, or why there was none. */
export type MovementResult = "event" | NoEvent;

/** A movement that the spotter noticed, and what became of it. Times are of the stream, in milliseconds. */
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
