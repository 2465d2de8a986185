import { cv, type Mat } from "../../src/runtime/opencv.js";
import type { Frame } from "../../src/stream/frame.js";

/** A frame of this picture at this time; the picture stays the caller's. */
export const frameOf = (image: Mat, timeMs: number): Frame => ({ index: 0, timeMs, wallMs: undefined, image });

/** A picture without anyone. */
export const blank = (rows = 480, cols = 640): Mat => new cv.Mat(rows, cols, cv.CV_8UC3, [90, 90, 90]);

/** Two pictures of one height, side by side. */
export function sideBySide(left: Mat, right: Mat): Mat {
  const wideLeft = left.copyMakeBorder(0, 0, 0, right.cols, cv.BORDER_CONSTANT);
  const wideRight = right.copyMakeBorder(0, 0, left.cols, 0, cv.BORDER_CONSTANT);
  const both = wideLeft.add(wideRight);
  wideLeft.release();
  wideRight.release();
  return both;
}
