import type { Probabilities, ValenceView } from "../contract/index.js";
import { floats, type Graph } from "../runtime/index.js";
import { Tensor } from "../runtime/onnxruntime.js";
import type { Clip, ClipFrame } from "../stream/index.js";
import type { Classification } from "./classification.js";
import { checkOutputs } from "./heads.js";
import type { HstaEntry } from "./hsta-entry.js";
import { valenceOf } from "./labels.js";

/** When an expression began, peaked and ended; milliseconds of the stream. */
export interface Span {
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
}

/** Classifies clips with HSTA (Hao et al., arXiv 2405.03202). */
export class Recogniser {
  private running = 0;
  private idle: (() => void) | undefined;

  /** @throws FlinchError MODEL_UNUSABLE where the graph lacks an output that the entry promises */
  constructor(
    private current: Graph,
    readonly entry: HstaEntry,
  ) {
    checkOutputs(entry, current.outputShapes, current.model.path);
  }

  get graph(): Graph {
    return this.current;
  }

  /**
   * Goes on with another graph of the same model, between two clips, and closes the one before.
   * @throws FlinchError MODEL_UNUSABLE where it lacks an output; the one before goes on then
   */
  async replace(graph: Graph): Promise<void> {
    checkOutputs(this.entry, graph.outputShapes, graph.model.path);
    while (this.running > 0) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
      // Whoever waits for the last classification still reads off this recogniser what gave it.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const before = this.current;
    this.current = graph;
    await before.close();
  }

  /**
   * Packs a clip as the model wants it: `frames` uint8 (1, N, S, S, 3) from onset to offset and `special`
   * uint8 (1, 2, S, S, 3), onset and apex; BGR. The crops are copied, so the buffer may move on.
   * @returns undefined when the buffer no longer holds the onset.
   */
  pack(clip: Clip, span: Span): Record<string, Tensor> | undefined {
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
  async classify(packed: Readonly<Record<string, Tensor>>): Promise<Classification> {
    const outputs = await this.run(packed);
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

  private async run(packed: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    this.running++;
    try {
      return await this.current.run(packed);
    } finally {
      this.running--;
      if (this.running === 0) this.idle?.();
    }
  }
}

/** As many names as values: the graph's outputs were held against the entry at the start. */
function named(names: readonly string[], values: Float32Array): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] as number]));
}

/**
 * The moments of a clip that the model sees: `count` evenly spaced from onset to offset, both included
 * (HSTA's published test code picks at random; a classification must not depend on chance).
 */
export function evenly(onsetMs: number, offsetMs: number, count: number): number[] {
  if (count === 1) return [(onsetMs + offsetMs) / 2];
  return Array.from({ length: count }, (_, i) => onsetMs + ((offsetMs - onsetMs) * i) / (count - 1));
}
