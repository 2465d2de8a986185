import { Tensor } from "onnxruntime-node";
import type { ClipBuffer, ClipFrame } from "../clip/clip-buffer.js";
import { floats, type Graph } from "../models/graph.js";
import { checkOutputs } from "./heads.js";
import type { HstaEntry } from "./hsta-entry.js";
import { valenceOf } from "./labels.js";
import { evenly } from "./pick.js";
import type { Probabilities, ValenceView, Verdict } from "./verdict.js";

/** When an expression began, peaked and ended; milliseconds of the stream. */
export interface Span {
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
}

/** Classifies clips with HSTA (Hao et al., arXiv 2405.03202). */
export class Recogniser {
  /** @throws FlinchError MODEL_UNUSABLE where the graph lacks an output that the entry promises */
  constructor(
    readonly graph: Graph,
    readonly entry: HstaEntry,
  ) {
    checkOutputs(entry, graph.outputShapes, graph.model.path);
  }

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

  /** Runs the graph on a packed clip and names what its heads say. */
  async classify(packed: Readonly<Record<string, Tensor>>): Promise<Verdict> {
    const outputs = await this.graph.run(packed);
    const { labels, valence, valences, actionUnits, attention } = this.entry;
    const probabilities = named(labels, floats(outputs, "probabilities")) as Probabilities;
    return {
      probabilities,
      valence: valences
        ? (named(valences, floats(outputs, "valence")) as ValenceView)
        : valenceOf(probabilities, valence),
      actionUnits:
        actionUnits &&
        named(
          actionUnits.map((unit) => `AU${unit}`),
          floats(outputs, "action_units"),
        ),
      attention: attention && { shape: attention, values: floats(outputs, "attention") },
    };
  }
}

/** As many names as values: the graph's outputs were held against the entry at the start. */
function named(names: readonly string[], values: Float32Array): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] as number]));
}
