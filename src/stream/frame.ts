import type { Mat } from "@u4/opencv4nodejs";
import type { CaptureStats } from "../contract/index.js";

/** One picture from a source. Whoever takes it from the source owns `image` and releases it. */
export interface Frame {
  /** Counts frames that the source delivered, from 0; a gap never appears here (see `dropped`). */
  readonly index: number;
  /** Milliseconds since the stream began, on a clock that never goes back: the file's presentation time, or the capture stamp of a live source. */
  readonly timeMs: number;
  /** Wall clock of the capture, milliseconds since the Unix epoch; undefined for a file read as fast as possible. */
  readonly wallMs: number | undefined;
  /** BGR, 8 bits, height × width × 3. */
  readonly image: Mat;
}

/**
 * Where frames come from: a camera, a network stream or a file, all read through OpenCV.
 * `frames()` may be iterated once. Aborting the signal ends the iteration normally.
 */
export interface FrameSource {
  /** What is read, without credentials: for the log and for `doctor`. */
  readonly description: string;
  /** True when time goes on whether or not frames are taken. */
  readonly live: boolean;
  frames(signal: AbortSignal): AsyncIterable<Frame>;
  stats(): CaptureStats;
}
