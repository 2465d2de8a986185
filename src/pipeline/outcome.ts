import type { Context, Statement } from "../contract/index.js";
import type { Spotted, Suppression } from "../spotting/index.js";

/** Why a movement that was noticed raised no event. */
export type NoEvent = Suppression | "none" | "little_evidence" | "low_confidence" | "clip_lost";

/** A movement that the spotter noticed, and what became of it. */
export interface Outcome {
  readonly face: number;
  readonly spotted: Spotted;
  readonly verdict: "event" | NoEvent;
  /** What the face did meanwhile, beside the movement. */
  readonly context: readonly Context[];
  /** Of an event. */
  readonly id?: string;
  /** What may be said of HSTA's classification, event or not; missing where HSTA has not seen it. */
  readonly statement?: Statement;
  /** Of spotter and HSTA together, log odds; missing where HSTA has not seen it, or the spotter is not learned. */
  readonly evidence?: number;
  /** What HSTA has seen at onset and apex, uint8 (2, size, size, 3) BGR. */
  readonly crops?: { readonly size: number; readonly data: Uint8Array };
}
