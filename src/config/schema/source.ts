import { redactAddress } from "../../lib/redact.js";
import { choice, flag, integer, number, text } from "../kinds.js";
import { localPipeline } from "./effects.js";

const hour = 3_600_000;

export const source = {
  kind: choice(
    {
      doc: "Where frames come from: a USB camera (v4l2), a camera on the CSI connector (csi), any GStreamer pipeline, a network stream (rtsp, http) or a video file.",
      default: "v4l2",
      ...localPipeline,
    },
    ["v4l2", "csi", "gstreamer", "rtsp", "http", "file"],
  ),
  uri: text({
    doc: "The camera (/dev/video0 or 0), the URL of the stream, the CSI sensor's number or the file's path.",
    default: "",
    redact: redactAddress,
    path: "file",
    ...localPipeline,
  }),
  pipeline: text({
    doc: "GStreamer pipeline for source.kind gstreamer; it must end in an appsink that outputs BGR.",
    default: "",
    redact: redactAddress,
    ...localPipeline,
  }),
  width: integer(
    { doc: "Width requested from a camera.", default: 640, unit: "px", ...localPipeline },
    { min: 16, max: 7680 },
  ),
  height: integer(
    { doc: "Height requested from a camera.", default: 480, unit: "px", ...localPipeline },
    { min: 16, max: 4320 },
  ),
  fps: number(
    {
      doc: "Frame rate requested from a camera; 0 keeps the source's own.",
      default: 0,
      unit: "frames/s",
      ...localPipeline,
    },
    { min: 0, max: 1000 },
  ),
  codec: choice(
    {
      doc: "Encoding of an RTSP stream that GStreamer decodes (on a Jetson).",
      default: "h264",
      ...localPipeline,
    },
    ["h264", "h265"],
  ),
  jpegDecoder: choice(
    {
      doc: "What decodes a USB camera's JPEG pictures on a Jetson: the processor, or the hardware by one of two plug-ins, which fail on some cameras.",
      default: "cpu",
      ...localPipeline,
    },
    ["cpu", "nvjpeg", "nvv4l2"],
  ),
  exposureUs: integer(
    {
      doc: "Longest exposure of a CSI camera, and the exposure of a USB camera; 0 leaves it to the camera (a CSI camera at 100 frames/s or more then stays within one frame).",
      default: 0,
      unit: "µs",
      ...localPipeline,
    },
    { min: 0, max: 350_000 },
  ),
  maxGain: number(
    {
      doc: "Highest analogue gain of a CSI camera; 0 leaves it to the camera.",
      default: 0,
      unit: "×",
      ...localPipeline,
    },
    { min: 0, max: 1000 },
  ),
  lockExposure: flag({
    doc: "Keep a CSI camera's exposure as it is at the start, so that nobody's movement changes the picture's brightness.",
    default: false,
    ...localPipeline,
  }),
  lockWhiteBalance: flag({
    doc: "Keep a CSI camera's white balance as it is at the start.",
    default: false,
    ...localPipeline,
  }),
  mainsHz: choice(
    {
      doc: "Mains frequency of the lamps (50 or 60), against flicker; 0 leaves it to the camera.",
      default: 0,
      unit: "Hz",
      ...localPipeline,
    },
    [0, 50, 60],
  ),
  pace: choice(
    {
      doc: "How fast a file is read: at its frame rate, or as fast as the machine can.",
      default: "realtime",
      ...localPipeline,
    },
    ["realtime", "fast"],
  ),
  loop: flag({ doc: "Restart a file at its end.", default: false, ...localPipeline }),
  queueFrames: integer(
    {
      doc: "Most frames of a live source that wait for the pipeline; beyond that the oldest is dropped and counted.",
      default: 4,
      unit: "frames",
      ...localPipeline,
    },
    { min: 1, max: 256 },
  ),
  openTimeoutMs: integer(
    { doc: "How long opening a source may take.", default: 5000, unit: "ms", ...localPipeline },
    { min: 100, max: hour },
  ),
  stallMs: integer(
    {
      doc: "A live source without a frame for this long is reopened.",
      default: 5000,
      unit: "ms",
      ...localPipeline,
    },
    { min: 100, max: hour },
  ),
  frozenMs: integer(
    {
      doc: "A live source that delivers an identical picture for this long is frozen: it is reopened, and its frames do not count until the picture changes; 0 never. Set it longer than a stream's keyframe interval.",
      default: 15_000,
      unit: "ms",
      ...localPipeline,
    },
    { min: 0, max: hour },
  ),
  reconnectMinMs: integer(
    {
      doc: "Wait before the first attempt to open a lost source; doubles with every further attempt.",
      default: 500,
      unit: "ms",
      ...localPipeline,
    },
    { min: 10, max: hour },
  ),
  reconnectMaxMs: integer(
    { doc: "Longest wait between attempts to open a lost source.", default: 30_000, unit: "ms", ...localPipeline },
    { min: 10, max: hour },
  ),
};
