import { cv } from "../runtime/opencv.js";
import { type Capture, unreadable } from "./capture.js";
import { networkOptions } from "./ffmpeg-options.js";
import { readByGStreamer } from "./gstreamer.js";
import { onJetson } from "./jetson.js";
import { openPipeline } from "./open-pipeline.js";
import { probeStream } from "./probe-stream.js";
import type { SourceConfig } from "./source-config.js";

/** Opens an RTSP or HTTP stream. A dead host never blocks the event loop. */
export async function openNetwork(config: SourceConfig, signal: AbortSignal): Promise<Capture> {
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
