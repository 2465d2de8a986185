import { Tensor } from "onnxruntime-node";
import type { ClipBuffer, ClipFrame } from "../clip/clip-buffer.js";
import { floats, type Graph } from "../models/graph.js";
import type { HstaEntry } from "./hsta-entry.js";
import { evenly } from "./pick.js";

/** When an expression began, peaked and ended; milliseconds of the stream. */
export interface Span {
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
}

/** Calibrated probability of every class, in the model's order; they sum to 1. */
export type Verdict = Readonly<Record<string, number>>;

/** Classifies clips with HSTA (Hao et al., arXiv 2405.03202). */
export class Recogniser {
  constructor(
    readonly graph: Graph,
    readonly entry: HstaEntry,
  ) {}

  /**
   * Packs a clip as the model wants it: `frames` uint8 (1, N, S, S, 3) from onset to offset and `special`
   * uint8 (1, 2, S, S, 3), onset and apex; BGR. The crops are copied, so the buffer may move on.
   * @returns undefined when the buffer no longer holds the onset.
   */
  pack(clip: ClipBuffer, span: Span): Record<string, Tensor> | undefined {
    if ((clip.oldestMs ?? Infinity) > span.onsetMs) return undefined;
    const { frames } = this.entry;
    const { size } = this.entry.layout;
    const crops = (times: readonly number[]): Tensor => {
      const data = new Uint8Array(times.length * size * size * 3);
      for (const [i, time] of times.entries()) data.set((clip.nearest(time) as ClipFrame).crop, i * size * size * 3);
      return new Tensor("uint8", data, [1, times.length, size, size, 3]);
    };
    return {
      frames: crops(evenly(span.onsetMs, span.offsetMs, frames)),
      special: crops([span.onsetMs, span.apexMs]),
    };
  }

  async classify(packed: Readonly<Record<string, Tensor>>): Promise<Verdict> {
    const probabilities = floats(await this.graph.run(packed), "probabilities");
    return Object.fromEntries(this.entry.labels.map((label, i) => [label, probabilities[i] ?? 0]));
  }
}
