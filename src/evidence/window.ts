import { cv, type Mat } from "../runtime/opencv.js";
import type { CropLayout, FaceObservation } from "../stream/index.js";

/** Longest side of a picture, pixels: at most 307 200 bytes of BGR. */
export const MAX_SIDE = 320;
/** So many times the square that the aligned crop covers. */
const WIDER = 1.5;
/** Of the window's side: the face may move, or grow, by so much before the window follows. */
const SLACK = 0.12;

/** An upright square of the frame, in pixels. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/**
 * The square of the frame around one face. It stays where it is while the face moves within it, so that what moves in the
 * pictures has moved before the camera.
 */
export class FaceWindow {
  private place: Place | undefined;
  private chosenSide: number | undefined;

  constructor(private readonly layout: CropLayout) {}

  /** Width and height of every picture: the window's own where it is small, and even, as video has to be. */
  sideFor(observation: FaceObservation, image: Pick<Mat, "rows" | "cols">): number {
    this.chosenSide ??= Math.min(MAX_SIDE, 2 * Math.floor(this.around(observation, image).side / 2));
    return this.chosenSide;
  }

  /** The picture in the window now, uint8 (side, side, 3) BGR; the work is OpenCV's, off the event loop. */
  async picture(observation: FaceObservation, image: Mat): Promise<Uint8Array> {
    const side = this.sideFor(observation, image);
    const wanted = this.around(observation, image);
    if (this.place === undefined || hasLeft(wanted, this.place)) this.place = wanted;
    const { x, y, side: width } = this.place;
    const region = image.getRegion(new cv.Rect(x, y, width, width));
    try {
      const picture = await region.resizeAsync(side, side, 0, 0, cv.INTER_AREA);
      try {
        return picture.getData();
      } finally {
        picture.release();
      }
    } finally {
      region.release();
    }
  }

  /** The window that the face would have now, moved and shrunk into the frame. */
  private around({ cropCentre, eyeDistancePx }: FaceObservation, { rows, cols }: Pick<Mat, "rows" | "cols">): Place {
    const { leftEye, rightEye } = this.layout;
    const crop = eyeDistancePx / (rightEye[0] - leftEye[0]);
    const side = Math.max(2, Math.min(Math.round(WIDER * crop), rows, cols));
    const within = (centre: number, length: number) =>
      Math.max(0, Math.min(Math.round(centre - side / 2), length - side));
    return { x: within(cropCentre.x, cols), y: within(cropCentre.y, rows), side };
  }
}

function hasLeft(wanted: Place, { x, y, side }: Place): boolean {
  const centre = (start: number, length: number) => start + length / 2;
  const moved = Math.hypot(
    centre(wanted.x, wanted.side) - centre(x, side),
    centre(wanted.y, wanted.side) - centre(y, side),
  );
  return moved > SLACK * side || Math.abs(wanted.side - side) > SLACK * side;
}
