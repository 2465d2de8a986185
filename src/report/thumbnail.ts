import type { Outcome } from "../pipeline/index.js";
import { cv } from "../runtime/opencv.js";
import type { Thumbnails } from "./movement.js";

const JPEG_QUALITY = 85;

/** The crops of a candidate's onset and apex as JPEG data URIs, encoded off the event loop. */
export async function thumbnailsOf({ size, data }: NonNullable<Outcome["crops"]>): Promise<Thumbnails> {
  const bytes = size * size * 3;
  const [onset, apex] = await Promise.all([
    jpegUri(data.subarray(0, bytes), size),
    jpegUri(data.subarray(bytes, 2 * bytes), size),
  ]);
  return { onset, apex };
}

async function jpegUri(crop: Uint8Array, size: number): Promise<string> {
  const image = new cv.Mat(Buffer.from(crop), size, size, cv.CV_8UC3);
  try {
    const jpeg = await cv.imencodeAsync(".jpg", image, [cv.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]);
    return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
  } finally {
    image.release();
  }
}
