/** GStreamer pipelines for a Jetson, ending in the BGR that OpenCV reads. Pure functions. */
import { argusProperties, v4l2Controls } from "./exposure.js";
import type { SourceConfig } from "./source-config.js";

/** One picture waits at most: a queue here would be delay that nobody counts. */
const SINK = "appsink drop=true max-buffers=1 sync=false";
/** The Jetson's image converter leaves NVMM memory as BGRx; the last channel goes on the CPU. */
const NVMM_TO_BGR = `nvvidconv ! video/x-raw,format=BGRx ! videoconvert ! video/x-raw,format=BGR ! ${SINK}`;

function caps(type: string, config: SourceConfig, format?: string): string {
  const fields = [type];
  if (config.width > 0) fields.push(`width=${config.width}`);
  if (config.height > 0) fields.push(`height=${config.height}`);
  if (format) fields.push(`format=${format}`);
  if (config.fps > 0) fields.push(`framerate=${fraction(config.fps)}`);
  return fields.join(",");
}

/** A frame rate as GStreamer writes it: 30 is 30/1, 29.97 is 30000/1001. */
export function fraction(fps: number): string {
  if (Number.isInteger(fps)) return `${fps}/1`;
  const ntsc = Math.ceil(fps);
  if (Math.abs(fps - (ntsc * 1000) / 1001) < 0.005) return `${ntsc * 1000}/1001`;
  return `${Math.round(fps * 1000)}/1000`;
}

/** A value inside double quotes: GStreamer's own syntax, no shell is involved. */
function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

export function csiPipeline(config: SourceConfig): string {
  const sensor = /(\d+)\s*$/.exec(config.uri)?.[1] ?? "0";
  const format = caps("video/x-raw(memory:NVMM)", config, "NV12");
  const source = [`nvarguscamerasrc sensor-id=${sensor}`, ...argusProperties(config)].join(" ");
  return `${source} ! ${format} ! ${NVMM_TO_BGR}`;
}

/** What makes BGR of a USB camera's JPEG. The hardware's decoders fail on some cameras: the CPU's is the default. */
const JPEG_DECODERS: Readonly<Record<SourceConfig["jpegDecoder"], string>> = {
  cpu: `jpegdec ! videoconvert ! video/x-raw,format=BGR ! ${SINK}`,
  nvjpeg: `jpegparse ! nvjpegdec ! video/x-raw ! ${NVMM_TO_BGR}`,
  // NVIDIA's manual of the decoder: JPEG must be parsed before it.
  nvv4l2: `jpegparse ! nvv4l2decoder mjpeg=1 enable-max-performance=1 ! ${NVMM_TO_BGR}`,
};

export function usbPipeline(config: SourceConfig): string {
  const source = `v4l2src device=${quoted(config.uri)} io-mode=2 extra-controls=${quoted(v4l2Controls(config))}`;
  return `${source} ! ${caps("image/jpeg", config)} ! ${JPEG_DECODERS[config.jpegDecoder]}`;
}

export function rtspPipeline(config: SourceConfig): string {
  const timeout = Math.round(config.stallMs * 1000);
  const source = `rtspsrc location=${quoted(config.uri)} protocols=tcp latency=200 tcp-timeout=${timeout}`;
  const depay = `rtp${config.codec}depay ! ${config.codec}parse`;
  return `${source} ! ${depay} ! nvv4l2decoder enable-max-performance=1 ! ${NVMM_TO_BGR}`;
}

/** Completes a pipeline of the user's own: without an appsink, OpenCV could read nothing from it. */
export function ownPipeline(pipeline: string): string {
  const trimmed = pipeline.trim().replace(/!\s*$/, "").trim();
  if (/\bappsink\b/.test(trimmed)) return trimmed;
  return `${trimmed} ! videoconvert ! video/x-raw,format=BGR ! ${SINK}`;
}

/** The pipeline for a source, the user's own where there is one; undefined for a kind that GStreamer never reads. */
export function pipelineOf(config: SourceConfig): string | undefined {
  if (config.kind === "file" || config.kind === "http") return undefined;
  if (config.pipeline.trim() !== "") return ownPipeline(config.pipeline);
  switch (config.kind) {
    case "rtsp":
      return rtspPipeline(config);
    case "v4l2":
      return usbPipeline({ ...config, uri: deviceOf(config.uri) });
    case "csi":
      return csiPipeline(config);
    case "gstreamer":
      return undefined;
  }
}

/** Whether GStreamer reads the source here: always for some kinds, on a Jetson or by the user's wish for others. */
export function readByGStreamer({ kind, pipeline }: SourceConfig, jetson: boolean): boolean {
  if (kind === "csi" || kind === "gstreamer") return true;
  return (kind === "v4l2" || kind === "rtsp") && (jetson || pipeline.trim() !== "");
}

/** The device of a camera that may be given by its number alone. */
export function deviceOf(uri: string): string {
  return /^\d+$/.test(uri) ? `/dev/video${uri}` : uri;
}
