import type { Point } from "./geometry.js";

/** One face in one frame, aligned. */
export interface FaceObservation {
  /** Stable id of the face: 1, 2, … in order of appearance; never used again. */
  readonly face: number;
  /** Capture time of the frame, milliseconds from the start of the stream. */
  readonly timeMs: number;
  /** Aligned crop, uint8 (size, size, 3) BGR. */
  readonly crop: Uint8Array;
  readonly eyeDistancePx: number;
  /** Where the crop's centre lies in the frame, pixels: it follows the head, smoothed. */
  readonly cropCentre: Point;
}

/** The faces of one frame, and those that left since the last. */
export interface FacesInFrame {
  readonly faces: readonly FaceObservation[];
  readonly left: readonly number[];
}
