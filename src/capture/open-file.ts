import { access, constants, stat } from "node:fs/promises";
import { FlinchError } from "../lib/errors.js";
import { cv } from "../runtime/opencv.js";
import type { Capture } from "./capture.js";
import { containerState } from "./container.js";
import type { SourceConfig } from "./source-config.js";

/** Where a file source's uri leads, which may be a file:// URL. */
export function pathOf(uri: string): string | URL {
  return uri.startsWith("file://") ? new URL(uri) : uri;
}

/** Opens a recording; FFmpeg decodes it. */
export async function openFile(config: SourceConfig): Promise<Capture> {
  const path = pathOf(config.uri);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new FlinchError("SOURCE_NOT_FOUND", `no file '${config.uri}': check source.uri`);
  if (!found.isFile()) throw new FlinchError("SOURCE_UNREADABLE", `'${config.uri}' is not a file: check source.uri`);
  await access(path, constants.R_OK).catch(() => {
    throw new FlinchError("SOURCE_UNREADABLE", `'${config.uri}' may not be read by this user: check its permissions`);
  });
  const name = typeof path === "string" ? path : decodeURIComponent(path.pathname);
  try {
    return new cv.VideoCapture(name, cv.CAP_FFMPEG);
  } catch (cause) {
    const unfinished = (await containerState(path)) === "unfinished";
    const why = unfinished
      ? "is an MP4 without its index, which is written last: the recording was never ended, as by a power cut. untrunc can mend it with a whole recording of the same camera; Matroska (.mkv) does not need it"
      : "is no video that OpenCV can decode";
    throw new FlinchError("SOURCE_UNREADABLE", `'${config.uri}' ${why}`, { cause });
  }
}
