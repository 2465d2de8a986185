/** GStreamer pipelines for a Jetson, ending in the BGR that OpenCV reads. Pure functions. */
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
  return `nvarguscamerasrc sensor-id=${sensor} ! ${format} ! ${NVMM_TO_BGR}`;
}

export function usbPipeline(config: SourceConfig): string {
  const source = `v4l2src device=${quoted(config.uri)} io-mode=2 ! ${caps("image/jpeg", config)}`;
  // The CPU's JPEG decoder: the hardware's fails on some cameras; `source.pipeline` takes the other.
  return `${source} ! jpegdec ! videoconvert ! video/x-raw,format=BGR ! ${SINK}`;
}

export function rtspPipeline(config: SourceConfig): string {
  const timeout = Math.round(config.stallMs * 1000);
  const source = `rtspsrc location=${quoted(config.uri)} protocols=tcp latency=200 tcp-timeout=${timeout}`;
  return `${source} ! rtph264depay ! h264parse ! nvv4l2decoder enable-max-performance=1 ! ${NVMM_TO_BGR}`;
}

/** Completes a pipeline of the user's own: without an appsink, OpenCV could read nothing from it. */
export function ownPipeline(pipeline: string): string {
  const trimmed = pipeline.trim().replace(/!\s*$/, "").trim();
  if (/\bappsink\b/.test(trimmed)) return trimmed;
  return `${trimmed} ! videoconvert ! video/x-raw,format=BGR ! ${SINK}`;
}

/** The pipeline for a source: the user's own where there is one. */
export function buildPipeline(config: SourceConfig): string {
  if (config.pipeline.trim() !== "") return ownPipeline(config.pipeline);
  if (config.kind === "rtsp") return rtspPipeline(config);
  if (config.kind === "v4l2") return usbPipeline(config);
  return csiPipeline(config);
}
