/** Opens OpenCV captures with the backend that suits the source. */
import type { OpenCapture } from "./capture.js";
import { openCamera } from "./open-camera.js";
import { openFile } from "./open-file.js";
import { openNetwork } from "./open-network.js";
import { openPipeline } from "./open-pipeline.js";

// FFmpeg reports to standard error, which is the log's and JSON; what matters comes back as an error of ours.
process.env["OPENCV_FFMPEG_LOGLEVEL"] ??= "-8";

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
