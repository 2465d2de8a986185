import { cv, type Mat } from "../runtime/opencv.js";
import { rows, type Similarity } from "../stream/index.js";

/** Warps a BGR frame to a `size` × `size` crop off the event loop and returns its bytes (size, size, 3). */
export async function warpToBytes(image: Mat, transform: Similarity, size: number): Promise<Uint8Array> {
  const matrix = new cv.Mat(rows(transform), cv.CV_64F);
  let crop: Mat | undefined;
  try {
    crop = await image.warpAffineAsync(matrix, new cv.Size(size, size), cv.INTER_LINEAR, cv.BORDER_REPLICATE);
    return crop.getData();
  } finally {
    matrix.release();
    crop?.release();
  }
}
