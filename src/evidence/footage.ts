import type { MicroExpressionEvent } from "../contract/index.js";

/** One picture of a face, uint8 (height, width, 3) BGR; shared, never changed. */
export interface Still {
  /** Capture time, milliseconds from the start of the stream. */
  readonly timeMs: number;
  readonly data: Uint8Array;
}

/** Pictures of one size in order of time, and the event that they show. */
export interface Footage {
  readonly event: Pick<MicroExpressionEvent, "id" | "session">;
  /** Width and height, pixels. */
  readonly side: number;
  readonly stills: readonly Still[];
}

/** What its pictures take in memory, bytes. */
export function bytesOf({ side, stills }: Pick<Footage, "side" | "stills">): number {
  return stills.length * side * side * 3;
}
