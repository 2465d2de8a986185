import type { MotionSample, MotionSignal } from "../spotting/index.js";
import { type Buckets, MinMaxSeries } from "./min-max-series.js";

/** Two points a bucket: at most 4,000 a trace, however long the video. */
const BUCKETS = 2000;
/** Of a sample's `head`, what is drawn: its translation. */
const HEAD_CHANNELS = 2;

/** What is kept of one face's motion. */
export interface FaceMotion {
  readonly face: number;
  /** When it was first and last seen, milliseconds of the stream. */
  readonly fromMs: number;
  readonly toMs: number;
  /** One channel. */
  readonly score: Buckets;
  /** x and y of every region, then of the head, in thousandths of the eye distance. */
  readonly traces: Buckets;
}

/** Thins the motion of one face while it runs. */
export class FaceRecord {
  private readonly score = new MinMaxSeries(1, BUCKETS);
  private traces: MinMaxSeries | undefined;
  private fromMs = Number.NaN;
  private toMs = Number.NaN;

  constructor(private readonly face: number) {}

  signal({ timeMs, score }: Pick<MotionSignal, "timeMs" | "score">): void {
    this.score.push(timeMs, [score]);
  }

  sample({ timeMs, displacement, head }: MotionSample): void {
    const channels = displacement.length + HEAD_CHANNELS;
    if (this.traces === undefined) {
      this.traces = new MinMaxSeries(channels, BUCKETS);
      this.fromMs = timeMs;
    }
    this.toMs = timeMs;
    const values = new Float64Array(channels);
    values.set(displacement);
    values.set(head.subarray(0, HEAD_CHANNELS), displacement.length);
    this.traces.push(timeMs, values);
  }

  motion(): FaceMotion {
    const { face, fromMs, toMs } = this;
    const traces = (this.traces ?? new MinMaxSeries(0, BUCKETS)).buckets();
    return { face, fromMs, toMs, score: this.score.buckets(), traces };
  }
}
