import type { AlignedFace } from "../../stream/index.js";
import type { Spotting } from "../spotting-score.js";
import type { BaselineSpotter, OpenBaseline } from "./baseline.js";

/** All baselines on all faces of one video. */
export class BaselineObserver {
  private readonly spotters = new Map<OpenBaseline, Map<number, BaselineSpotter>>();

  constructor(baselines: readonly OpenBaseline[]) {
    for (const baseline of baselines) this.spotters.set(baseline, new Map());
  }

  async observe(observation: AlignedFace): Promise<void> {
    for (const [baseline, faces] of this.spotters) {
      const spotter = faces.get(observation.face) ?? baseline.newSpotter();
      faces.set(observation.face, spotter);
      await spotter.observe(observation);
    }
  }

  /** What a baseline spots in the whole video. */
  spot(baseline: OpenBaseline, threshold: number): Spotting[] {
    return [...(this.spotters.get(baseline) ?? [])].flatMap(([face, spotter]) =>
      spotter.spot(threshold).map((movement) => ({ face, ...movement })),
    );
  }
}
