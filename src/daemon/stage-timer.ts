import { quantile } from "../lib/quantile.js";

export interface StageSummary {
  /** Samples since the start. */
  readonly count: number;
  /** Over the last samples, in milliseconds; 0 before the first. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** The last samples of one stage. */
class Ring {
  readonly samples: Float64Array;
  count = 0;
  constructor(size: number) {
    this.samples = new Float64Array(size);
  }
}

/** How long each stage of the pipeline takes, over its last samples: fixed memory, and none taken for a sample. */
export class StageTimer<Stage extends string> {
  readonly #rings: Map<Stage, Ring>;
  readonly #scratch: Float64Array;

  /** @param samples how many of the last samples of each stage count */
  constructor(stages: readonly Stage[], samples = 512) {
    this.#rings = new Map(stages.map((stage) => [stage, new Ring(samples)]));
    this.#scratch = new Float64Array(samples);
  }

  record(stage: Stage, ms: number): void {
    const ring = this.#rings.get(stage);
    if (ring === undefined) return;
    ring.samples[ring.count % ring.samples.length] = ms;
    ring.count += 1;
  }

  summary(): Record<Stage, StageSummary> {
    const entries = [...this.#rings].map(([stage, ring]) => [stage, this.#summarise(ring)] as const);
    return Object.fromEntries(entries) as Record<Stage, StageSummary>;
  }

  #summarise(ring: Ring): StageSummary {
    const held = Math.min(ring.count, ring.samples.length);
    const sorted = this.#scratch.subarray(0, held);
    sorted.set(ring.samples.subarray(0, held));
    sorted.sort();
    return {
      count: ring.count,
      p50Ms: quantile(sorted, 0.5),
      p95Ms: quantile(sorted, 0.95),
      maxMs: sorted[held - 1] ?? 0,
    };
  }
}
