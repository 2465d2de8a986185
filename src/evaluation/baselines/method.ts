import type { Graph } from "../../runtime/index.js";
import { openBenchGraph } from "../../runtime/index.js";
import { Tensor } from "../../runtime/onnxruntime.js";
import type { AlignedFace } from "../../stream/index.js";
import type { Baseline, BaselineSpotter, Movement } from "./baseline.js";
import { HalfSpans, type Neighbours } from "./half-spans.js";
import type { Sample, Series } from "./series.js";

/** Side of a crop, pixels. */
const SIDE = 112;

/** What sets one baseline apart from the others: all measure a series over time, and find movements in it. */
export interface Method<T> {
  /** Names its graph in `bench/`. */
  readonly graph: string;
  /** From a moment to its head and to its tail. */
  readonly halfMs: number;
  readonly thresholds: readonly number[];
  /** What of a crop is kept for a span. */
  keep(graph: Graph, crop: Uint8Array): Promise<T>;
  /** How much the face moved at a moment, dimensionless or in the unit of the thresholds. */
  measure(graph: Graph, at: Neighbours<T>): Promise<number>;
  spot(series: Series, threshold: number): readonly Movement[];
}

export function baselineOf<T>(method: Method<T>): Baseline {
  return {
    thresholds: method.thresholds,
    async open() {
      const graph = await openBenchGraph(method.graph);
      return { newSpotter: () => new MethodSpotter(method, graph), close: () => graph.close() };
    },
  };
}

class MethodSpotter<T> implements BaselineSpotter {
  private readonly spans: HalfSpans<T>;
  private readonly series: Sample[] = [];

  constructor(
    private readonly method: Method<T>,
    private readonly graph: Graph,
  ) {
    this.spans = new HalfSpans(method.halfMs);
  }

  async observe({ timeMs, crop }: AlignedFace): Promise<void> {
    if (!this.spans.isDue(timeMs)) return;
    const kept = await this.method.keep(this.graph, crop);
    for (const at of this.spans.push(timeMs, kept)) {
      this.series.push({ timeMs: at.timeMs, value: await this.method.measure(this.graph, at) });
    }
  }

  spot(threshold: number): readonly Movement[] {
    return this.method.spot(this.series, threshold);
  }
}

/** A crop as its graph takes it. */
export const cropTensor = (crop: Uint8Array): Tensor => new Tensor("uint8", crop, [1, SIDE, SIDE, 3]);

/** The papers' p: 0.01, 0.02, … 0.99, as MEGC 2020 tried them. */
export const SHARES: readonly number[] = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
