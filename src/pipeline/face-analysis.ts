import type { Context } from "../contract/index.js";
import type { MotionSample, RegionMotion, Spotted, Spotter } from "../spotting/index.js";
import type { FaceObservation } from "../stream/index.js";
import type { ClipBuffer } from "./clip-buffer.js";
import type { ContextDetector } from "./context-detector.js";
import type { FaceState } from "./coverage.js";
import { type CropQuality, qualityOf } from "./crop-quality.js";

/** A face of the last frame, as whoever listens may see it. */
export interface ObservedFace {
  readonly sample: MotionSample;
  readonly observation: FaceObservation;
  /** What the face did at that moment beside whatever the spotter looks for. */
  readonly context: readonly Context[];
}

/** Light and focus change slowly. */
const QUALITY_EVERY_MS = 1000;

/** What the pipeline keeps for one face while it is in view. */
export class FaceAnalysis {
  private quality: CropQuality = { brightness: 0, sharpness: 0 };
  private qualityMs = -Infinity;
  private observation: FaceObservation | undefined;

  constructor(
    readonly face: number,
    readonly clip: ClipBuffer,
    private readonly motion: RegionMotion,
    private readonly spotter: Spotter,
    private readonly context: ContextDetector,
    /** Of the crop, pixels. */
    private readonly size: number,
    private readonly onSample?: (face: number, observed: ObservedFace) => void,
  ) {}

  /** Takes the face's next crop and returns what its spotter settles. */
  async observe(observation: FaceObservation): Promise<Spotted[]> {
    this.observation = observation;
    this.clip.push(observation.timeMs, observation.crop);
    const [sample] = await Promise.all([this.motion.measure(observation), this.assess(observation)]);
    const context = this.context.push(sample, observation.measures);
    this.onSample?.(this.face, { sample, observation, context });
    return await this.spotter.push(sample);
  }

  /** How well the face of the last frame could be judged. */
  get state(): FaceState | undefined {
    const { observation, quality } = this;
    return observation && { measures: observation.measures, quality, ready: this.spotter.ready };
  }

  /** What the face did from onset to offset, beside the movement itself. */
  contextOf({ onsetMs, offsetMs }: { readonly onsetMs: number; readonly offsetMs: number }): Context[] {
    return this.context.between(onsetMs, offsetMs);
  }

  private async assess({ timeMs, crop }: FaceObservation): Promise<void> {
    if (timeMs - this.qualityMs < QUALITY_EVERY_MS) return;
    this.qualityMs = timeMs;
    this.quality = await qualityOf(crop, this.size);
  }

  async end(): Promise<Spotted[]> {
    return await this.spotter.end();
  }
}
