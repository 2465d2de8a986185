import { cv } from "../runtime/opencv.js";

/** How much an aligned crop shows. */
export interface CropQuality {
  /** Mean brightness, 0…255. */
  readonly brightness: number;
  /** Standard deviation of the Laplacian over that of the brightness: how much of what is seen is fine detail. */
  readonly sharpness: number;
}

/** Measures an aligned crop, uint8 (size, size, 3) BGR, off the event loop. */
export async function qualityOf(crop: Uint8Array, size: number): Promise<CropQuality> {
  const image = new cv.Mat(Buffer.from(crop.buffer, crop.byteOffset, crop.byteLength), size, size, cv.CV_8UC3);
  const grey = await image.bgrToGrayAsync();
  const detail = await grey.laplacianAsync(cv.CV_64F);
  try {
    const [whole, fine] = await Promise.all([grey.meanStdDevAsync(), detail.meanStdDevAsync()]);
    const quality = {
      brightness: whole.mean.at(0, 0),
      sharpness: fine.stddev.at(0, 0) / Math.max(1, whole.stddev.at(0, 0)),
    };
    for (const mat of [whole.mean, whole.stddev, fine.mean, fine.stddev]) mat.release();
    return quality;
  } finally {
    for (const mat of [image, grey, detail]) mat.release();
  }
}
