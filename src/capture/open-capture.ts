/** Opens OpenCV captures with the backend that suits the source, and never lets a dead host block the event loop. */
import { access, constants, stat } from "node:fs/promises";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { cv, type Mat } from "../runtime/opencv.js";
import { containerState } from "./container.js";
import { v4l2Exposure } from "./exposure.js";
import { networkOptions } from "./ffmpeg-options.js";
import { buildPipeline, deviceOf, readByGStreamer } from "./gstreamer.js";
import { onJetson } from "./jetson.js";
import { probeStream } from "./probe-stream.js";
import type { SourceConfig } from "./source-config.js";

/** What of OpenCV's VideoCapture is used. One `readAsync` at a time: overlapping ones crash. */
export interface Capture {
  readAsync(): Promise<Mat>;
  get(property: number): number;
  setAsync(property: number, value: number): Promise<boolean>;
  release(): void;
}

export type OpenCapture = (config: SourceConfig, signal: AbortSignal) => Promise<Capture>;

const CAMERA_FORMAT = "MJPG";

// FFmpeg reports to standard error, which is the log's and JSON; what matters comes back as an error of ours.
process.env["OPENCV_FFMPEG_LOGLEVEL"] ??= "-8";

function fourcc(code: string): number {
  return [...code].reduce((sum, letter, i) => sum + letter.charCodeAt(0) * 2 ** (8 * i), 0);
}

function unreadable(config: SourceConfig, why: string): FlinchError {
  return new FlinchError("SOURCE_UNREADABLE", `cannot read the ${config.kind} source: ${why}`);
}

/** Where a file source's uri leads, which may be a file:// URL. */
export function pathOf(uri: string): string | URL {
  return uri.startsWith("file://") ? new URL(uri) : uri;
}

async function openFile(config: SourceConfig): Promise<Capture> {
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

async function openNetwork(config: SourceConfig, signal: AbortSignal): Promise<Capture> {
  // VideoCapture blocks the thread that opens it: a host that does not answer is found out beforehand.
  await probeStream(config.uri, config.openTimeoutMs, signal);
  if (readByGStreamer(config, onJetson())) return openPipeline(config);
  // FFmpeg has no other way in than the environment, which is put back at once: it would also reach files.
  const key = "OPENCV_FFMPEG_CAPTURE_OPTIONS";
  const before = process.env[key];
  process.env[key] = before ?? networkOptions(config, cv.getBuildInformation());
  try {
    return new cv.VideoCapture(config.uri, cv.CAP_FFMPEG);
  } catch {
    throw unreadable(config, "the host answers, but sends no video that OpenCV can decode; check source.uri");
  } finally {
    if (before === undefined) delete process.env[key];
  }
}

function openPipeline(config: SourceConfig): Capture {
  try {
    return new cv.VideoCapture(buildPipeline(config) ?? "", cv.CAP_GSTREAMER);
  } catch {
    throw unreadable(
      config,
      "GStreamer cannot start the pipeline; see it by `flinch config pipeline` and try it with gst-launch-1.0",
    );
  }
}

async function openCamera(config: SourceConfig): Promise<Capture> {
  const device = deviceOf(config.uri);
  await access(device, constants.R_OK | constants.W_OK).catch((reason: unknown) => {
    const code = (reason as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new FlinchError("SOURCE_NOT_FOUND", `no camera at '${device}': is it plugged in?`);
    throw unreadable(config, `'${device}' may not be opened (${reasonOf(reason)}); is the user in the group 'video'?`);
  });
  if (readByGStreamer(config, onJetson())) return openPipeline({ ...config, uri: device });
  return setUpCamera(openDevice(config, device), config);
}

function openDevice(config: SourceConfig, device: string): Capture {
  try {
    return new cv.VideoCapture(device, cv.CAP_V4L2);
  } catch {
    throw unreadable(config, `'${device}' does not open as a camera; is another program using it?`);
  }
}

/** Asks a camera for its size and rate; a camera that refuses keeps its own, which the first frames show. */
export async function setUpCamera(capture: Capture, config: SourceConfig): Promise<Capture> {
  // High rates need a compressed format on USB 2; it comes first because the sizes offered depend on it.
  await capture.setAsync(cv.CAP_PROP_FOURCC, fourcc(CAMERA_FORMAT));
  if (config.width > 0) await capture.setAsync(cv.CAP_PROP_FRAME_WIDTH, config.width);
  if (config.height > 0) await capture.setAsync(cv.CAP_PROP_FRAME_HEIGHT, config.height);
  if (config.fps > 0) await capture.setAsync(cv.CAP_PROP_FPS, config.fps);
  const exposure = v4l2Exposure(config);
  if (exposure !== undefined) {
    // OpenCV's V4L2 backend hands both on as they are: V4L2's "manual", and units of 100 µs.
    await capture.setAsync(cv.CAP_PROP_AUTO_EXPOSURE, 1);
    await capture.setAsync(cv.CAP_PROP_EXPOSURE, exposure);
  }
  return capture;
}

/** Opens the capture that a configuration names, or throws a FlinchError SOURCE_NOT_FOUND or SOURCE_UNREADABLE. */
export const openCapture: OpenCapture = async (config, signal) => {
  switch (config.kind) {
    case "file":
      return openFile(config);
    case "rtsp":
    case "http":
      return openNetwork(config, signal);
    case "v4l2":
      return openCamera(config);
    case "csi":
    case "gstreamer":
      return openPipeline(config);
  }
};
