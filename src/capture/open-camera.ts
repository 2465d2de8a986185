import { access, constants } from "node:fs/promises";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { cv } from "../runtime/opencv.js";
import { type Capture, unreadable } from "./capture.js";
import { v4l2Exposure } from "./exposure.js";
import { deviceOf, readByGStreamer } from "./gstreamer.js";
import { onJetson } from "./jetson.js";
import { openPipeline } from "./open-pipeline.js";
import type { SourceConfig } from "./source-config.js";

const CAMERA_FORMAT = "MJPG";

function fourcc(code: string): number {
  return [...code].reduce((sum, letter, i) => sum + letter.charCodeAt(0) * 2 ** (8 * i), 0);
}

/** Opens a camera on USB or CSI by its device. */
export async function openCamera(config: SourceConfig): Promise<Capture> {
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
