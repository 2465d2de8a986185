import type { FaceObservation } from "../../face/observation.js";
import type { Spotting } from "../spotting-score.js";
import type { Baseline, BaselineTrack } from "./baseline.js";

/** All baselines on all faces of one video. */
export class BaselineWatch {
  private readonly tracks = new Map<Baseline, Map<number, BaselineTrack>>();

  constructor(baselines: readonly Baseline[]) {
    for (const baseline of baselines) this.tracks.set(baseline, new Map());
  }

  async observe(observation: FaceObservation): Promise<void> {
    for (const [baseline, tracks] of this.tracks) {
      const track = tracks.get(observation.face) ?? baseline.newTrack(observation.face);
      tracks.set(observation.face, track);
      await track.observe(observation);
    }
  }

  /** What a baseline spots in the whole video. */
  spot(baseline: Baseline, sensitivity: number): Spotting[] {
    return [...(this.tracks.get(baseline)?.values() ?? [])].flatMap((track) => [...track.spot(sensitivity)]);
  }
}
