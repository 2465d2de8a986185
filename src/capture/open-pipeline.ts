import { cv } from "../runtime/opencv.js";
import { type Capture, unreadable } from "./capture.js";
import { pipelineOf } from "./gstreamer.js";
import type { SourceConfig } from "./source-config.js";

/** Starts the GStreamer pipeline that a configuration amounts to. */
export function openPipeline(config: SourceConfig): Capture {
  try {
    return new cv.VideoCapture(pipelineOf(config) ?? "", cv.CAP_GSTREAMER);
  } catch {
    throw unreadable(
      config,
      "GStreamer cannot start the pipeline; see it by `flinch config pipeline` and try it with gst-launch-1.0",
    );
  }
}
