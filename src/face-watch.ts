import type { ClipBuffer } from "./clip/clip-buffer.js";
import type { FaceObservation } from "./face/observation.js";
import type { MotionSample } from "./spotting/motion-sample.js";
import type { RegionMotion } from "./spotting/region-motion.js";
import type { Spotted, Spotter, SpottingSettings } from "./spotting/spotter.js";

/** What the pipeline keeps for one face while it is in view. */
export class FaceWatch {
  constructor(
    readonly face: number,
    readonly clip: ClipBuffer,
    private readonly motion: RegionMotion,
    private readonly spotter: Spotter,
    private readonly onSample?: (face: number, sample: MotionSample) => void,
  ) {}

  /** Takes the face's next crop and returns what its spotter settles. */
  async observe(observation: FaceObservation): Promise<Spotted[]> {
    this.clip.push(observation.timeMs, observation.crop);
    const sample = await this.motion.measure(observation);
    this.onSample?.(this.face, sample);
    return await this.spotter.push(sample);
  }

  configure(settings: SpottingSettings): void {
    this.spotter.configure(settings);
  }

  end(): Spotted[] {
    return this.spotter.end();
  }
}
