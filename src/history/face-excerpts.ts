import type { Movement } from "../pipeline/index.js";
import type { MotionSample, MotionSignal } from "../spotting/index.js";
import { MotionRing } from "./motion-ring.js";
import type { Excerpt } from "./types.js";

/**
 * What an excerpt holds before the onset, and after the offset, milliseconds. The learned spotter looks back 3.2 s from
 * when it tells of an offset, so all that it looked at is in.
 */
export const LEAD_MS = 3200;
export const TAIL_MS = 2000;
/** What is remembered of a face: the longest movement with both, and the time until it is settled. */
const SPAN_MS = 8000;

/** Cuts excerpts out of one face's motion, each when its end has come. */
export class FaceExcerpts {
  private readonly ring: MotionRing;
  private waiting: { readonly id: string; readonly fromMs: number; readonly toMs: number }[] = [];

  /** @param store gets an excerpt once it is whole, or the face has left */
  constructor(
    regions: readonly string[],
    maxFps: number,
    private readonly store: (id: string, excerpt: Excerpt) => void,
  ) {
    this.ring = new MotionRing(regions, SPAN_MS, maxFps);
  }

  /** Time of the latest sample; before the first, earlier than any. */
  get lastMs(): number {
    return this.ring.lastMs ?? -Infinity;
  }

  sample(sample: MotionSample): void {
    this.ring.push(sample);
    this.settle(({ toMs }) => toMs <= sample.timeMs);
  }

  signal(signal: MotionSignal): void {
    this.ring.signal(signal);
  }

  /** Wants the excerpt around a movement. */
  await(id: string, { apexMs, onsetMs = apexMs, offsetMs = apexMs }: Movement): void {
    this.waiting.push({ id, fromMs: onsetMs - LEAD_MS, toMs: offsetMs + TAIL_MS });
    this.settle(({ toMs }) => toMs <= this.lastMs);
  }

  /** The face has left: what waits gets what there is. */
  end(): void {
    this.settle(() => true);
  }

  private settle(isDue: (wanted: { readonly toMs: number }) => boolean): void {
    const due = this.waiting.filter(isDue);
    if (due.length === 0) return;
    this.waiting = this.waiting.filter((wanted) => !isDue(wanted));
    for (const { id, fromMs, toMs } of due) {
      const excerpt = this.ring.cut(fromMs, toMs);
      if (excerpt !== undefined) this.store(id, excerpt);
    }
  }
}
