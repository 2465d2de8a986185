import { cv } from "../runtime/opencv.js";
import { openFile } from "./open-file.js";
import type { SourceConfig } from "./source-config.js";

/**
 * For how long a recording lasts, as its container says, in milliseconds; undefined where it does not say.
 * @throws FlinchError SOURCE_NOT_FOUND, SOURCE_UNREADABLE
 */
export async function lengthOf(path: string): Promise<number | undefined> {
  const capture = await openFile({ kind: "file", uri: path } as SourceConfig);
  try {
    const [frames, fps] = [capture.get(cv.CAP_PROP_FRAME_COUNT), capture.get(cv.CAP_PROP_FPS)];
    return frames > 0 && fps > 0 ? (1000 * frames) / fps : undefined;
  } finally {
    capture.release();
  }
}
