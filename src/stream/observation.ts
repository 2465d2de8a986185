import type { Point } from "./geometry.js";
import type { FaceMeasures } from "./measures.js";

/** One face in one frame, aligned. */
export interface AlignedFace {
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

/** The same, with what its landmarks say. */
export interface FaceObservation extends AlignedFace {
  /** Shape and pose of the face when its landmarks were last fitted. */
  readonly measures: FaceMeasures;
  /** The landmarks themselves: x0, y0, x1, y1, … of the face mesh in pixels of the frame. */
  readonly mesh?: Float64Array;
}

/** The faces of one frame, and those that left since the last. */
export interface FacesInFrame {
  readonly faces: readonly FaceObservation[];
  readonly left: readonly number[];
  /** The last search saw a face that is too small to be followed. */
  readonly tooSmall: boolean;
  /** Of a face that is waited for: how it was when it was last seen. */
  readonly waitedFor: FaceMeasures | undefined;
}
