import { Tensor } from "onnxruntime-node";
import type { FaceObservation } from "../../face/observation.js";
import { EVERY_MS } from "./baseline.js";

/** The last crops of a face, at most one every EVERY_MS, for measures that look back. */
export class Crops {
  private kept: { readonly timeMs: number; readonly crop: Uint8Array }[] = [];

  constructor(private readonly spanMs: number) {}

  /** False if the crop came too soon and is skipped. Copied: the observation's may be reused. */
  push({ timeMs, crop }: FaceObservation): boolean {
    // A millisecond's grace, or a camera of just this rate would lose every second frame to rounding.
    if (timeMs - (this.kept.at(-1)?.timeMs ?? -Infinity) < EVERY_MS - 1) return false;
    this.kept = [...this.kept.filter((one) => timeMs - one.timeMs <= this.spanMs + EVERY_MS), { timeMs, crop }];
    return true;
  }

  /** The crop nearest to a time, as a graph takes it; undefined before the first and across a gap. */
  at(timeMs: number): Tensor | undefined {
    const away = (one: { readonly timeMs: number }) => Math.abs(one.timeMs - timeMs);
    const best = this.kept.reduce((p, q) => (away(q) < away(p) ? q : p));
    if (away(best) > EVERY_MS) return undefined;
    const side = Math.sqrt(best.crop.length / 3);
    return new Tensor("uint8", best.crop, [1, side, side, 3]);
  }
}
