import { FlinchError } from "../lib/errors.js";
import type { ModelEntry } from "../runtime/index.js";
import { floats, type Graph } from "../runtime/index.js";
import { Tensor } from "../runtime/onnxruntime.js";
import { LONGEST_GAP_MS } from "./frame-rates.js";
import { type GridStep, STEP_MS } from "./grid.js";
import type { StepSaying } from "./settling.js";

/** What the manifest says of a spotter's network. */
export interface SpotLayout {
  /** Steps of a window. */
  readonly windowSteps: number;
  /** Steps for which a face has to be in view before the network is asked. */
  readonly readySteps: number;
  /** The network is asked at every so many steps. */
  readonly everySteps: number;
  /** So long after an offset the network tells of it. */
  readonly delayMs: number;
}

/** @throws FlinchError MODEL_MANIFEST naming the first number that is missing, or that the grid does not have. */
export function spotLayout(entry: ModelEntry): SpotLayout {
  const read = (key: keyof SpotLayout): number => {
    const value = entry[key];
    if (typeof value === "number" && value >= 0) return value;
    throw new FlinchError("MODEL_MANIFEST", `the manifest's entry of '${entry.file}' needs ${key}: a number`);
  };
  for (const [key, here] of [["stepMs", STEP_MS] as const, ["gapMs", LONGEST_GAP_MS] as const]) {
    if (entry[key] !== here) {
      const has = JSON.stringify(entry[key]) ?? "none";
      const what = `the spotter '${entry.file}' learned with ${key} ${has}, and this version of Flinch goes by ${here}`;
      throw new FlinchError("MODEL_MANIFEST", what);
    }
  }
  return {
    windowSteps: read("windowSteps"),
    readySteps: read("readySteps"),
    everySteps: read("everySteps"),
    delayMs: read("delayMs"),
  };
}

/** The network tells of an offset for about so long, after its delay. */
export const TOLD_MS = 80;

/**
 * Asks the spotter's network along one face's grid (training/flinch_train/model/spotter.py): window float32
 * [1, values, steps] and seen float32 [1, steps], 0 before the face came, when the window repeats its first values →
 * probability [1], ages [1, 3] in milliseconds.
 */
export class SpotNet {
  /** Row by row the values over time, the latest step last; and since when the face is there. */
  private window: Float32Array | undefined;
  private readonly seen: Float32Array;
  private last: GridStep | undefined;

  constructor(
    private readonly graph: Graph,
    private readonly layout: SpotLayout,
  ) {
    this.seen = new Float32Array(layout.windowSteps);
  }

  /** The face has been in view for long enough to be judged. */
  get ready(): boolean {
    return this.last !== undefined && this.last.index >= this.layout.readySteps;
  }

  /** What is to be said of a step; undefined where the network is not asked. */
  async ask(step: GridStep): Promise<StepSaying | undefined> {
    const { values, index, timeMs } = step;
    const { windowSteps, everySteps } = this.layout;
    this.last = step;
    if (index === 0 || this.window === undefined) this.begin(values);
    const window = this.window as Float32Array;
    for (let row = 0; row < values.length; row++) {
      const end = (row + 1) * windowSteps;
      window.copyWithin(end - windowSteps, end - windowSteps + 1, end);
      window[end - 1] = values[row] as number;
    }
    this.seen.copyWithin(0, 1);
    this.seen[windowSteps - 1] = 1;
    if (!this.ready || index % everySteps !== 0) return undefined;
    // Copies: the next step moves the window on while these may still be with ONNX Runtime.
    const outputs = await this.graph.run({
      window: new Tensor("float32", window.slice(), [1, values.length, windowSteps]),
      seen: new Tensor("float32", this.seen.slice(), [1, windowSteps]),
    });
    const [onset, apex, offset] = floats(outputs, "ages") as unknown as [number, number, number];
    return { timeMs, probability: floats(outputs, "probability")[0] ?? 0, ages: [onset, apex, offset] };
  }

  /** What the network says while the last step is held: of an expression that ended as the face was last seen. */
  async *hold(): AsyncGenerator<StepSaying> {
    const { last } = this;
    if (last === undefined) return;
    const steps = Math.round((this.layout.delayMs + TOLD_MS) / STEP_MS);
    for (let k = 1; k <= steps; k++) {
      const saying = await this.ask({ ...last, timeMs: last.timeMs + k * STEP_MS, index: last.index + k });
      if (saying !== undefined) yield saying;
    }
    this.last = undefined;
  }

  private begin(values: Float64Array): void {
    const { windowSteps } = this.layout;
    this.window = new Float32Array(values.length * windowSteps);
    for (let row = 0; row < values.length; row++) {
      this.window.fill(values[row] as number, row * windowSteps, (row + 1) * windowSteps);
    }
    this.seen.fill(0);
  }
}
