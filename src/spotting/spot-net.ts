import { Tensor } from "onnxruntime-node";
import { floats, type Graph } from "../models/graph.js";
import type { GridStep } from "./grid.js";
import type { StepSaying } from "./settling.js";

/**
 * Asks the spotter's network at every step of one face's grid (training/flinch_train/spotting/net.py): window
 * float32 [1, values, steps], noise float32 [1, regions] → probability [1], ages [1, 3] in milliseconds.
 */
export class SpotNet {
  /** Row by row the values over time; the latest step last. */
  private window: Float32Array | undefined;
  private filled = 0;

  constructor(
    private readonly graph: Graph,
    /** Steps of a window. */
    private readonly steps: number,
  ) {}

  /** The face has been in view for a whole window. */
  get ready(): boolean {
    return this.filled === this.steps;
  }

  /** What is to be said of a step; undefined while the face has not been in view for a whole window. */
  async ask(step: GridStep): Promise<StepSaying | undefined> {
    const { values, noise, timeMs } = step;
    if (step.index === 0) this.filled = 0;
    // A new array each time: the last one may still be with ONNX Runtime, and is not ours to change.
    const window = new Float32Array(values.length * this.steps);
    for (let row = 0; row < values.length; row++) {
      const start = row * this.steps;
      if (this.window !== undefined) window.set(this.window.subarray(start + 1, start + this.steps), start);
      window[start + this.steps - 1] = values[row] as number;
    }
    this.window = window;
    this.filled = Math.min(this.filled + 1, this.steps);
    if (!this.ready) return undefined;
    const outputs = await this.graph.run({
      window: new Tensor("float32", window, [1, values.length, this.steps]),
      noise: new Tensor("float32", Float32Array.from(noise), [1, noise.length]),
    });
    const [onset, apex, offset] = floats(outputs, "ages") as unknown as [number, number, number];
    return { timeMs, probability: floats(outputs, "probability")[0] ?? 0, ages: [onset, apex, offset] };
  }
}
