/** What a camera is asked of exposure, gain and flicker, in the words of each interface. Pure functions. */
import type { SourceConfig } from "./source-config.js";

/** The range that nvarguscamerasrc accepts, in nanoseconds; its source refuses a range beyond either end. */
const ARGUS_EXPOSURE_NS = { shortest: 34_000, longest: 358_733_000 } as const;
/** From here on a frame is so short that automatic exposure, left alone, lengthens it in a room's light. */
const FAST_FPS = 100;
/** nvarguscamerasrc's aeantibanding: 1 finds out itself. */
const ARGUS_ANTIBANDING = { 0: 1, 50: 2, 60: 3 } as const;
/** V4L2_CID_POWER_LINE_FREQUENCY. */
const V4L2_POWER_LINE = { 0: undefined, 50: 1, 60: 2 } as const;
/** V4L2_CID_EXPOSURE_AUTO: manual. */
const V4L2_MANUAL = 1;

/** Nanoseconds that a CSI camera may expose at most; undefined leaves it to the camera. */
export function longestExposureNs({ exposureUs, fps }: SourceConfig): number | undefined {
  const wanted = exposureUs > 0 ? exposureUs * 1000 : fps >= FAST_FPS ? Math.floor(1e9 / fps) : undefined;
  if (wanted === undefined) return undefined;
  return Math.min(Math.max(wanted, ARGUS_EXPOSURE_NS.shortest), ARGUS_EXPOSURE_NS.longest);
}

/** Properties of nvarguscamerasrc. */
export function argusProperties(config: SourceConfig): string[] {
  const longest = longestExposureNs(config);
  return [
    // Filters over time smear the movement of a few frames that is looked for; sharpening makes edges that tremble.
    "tnr-mode=0",
    "ee-mode=0",
    `aeantibanding=${ARGUS_ANTIBANDING[config.mainsHz]}`,
    ...(longest === undefined ? [] : [`exposuretimerange="${ARGUS_EXPOSURE_NS.shortest} ${longest}"`]),
    ...(config.maxGain > 0 ? [`gainrange="1 ${Math.max(1, config.maxGain)}"`] : []),
    ...(config.lockExposure ? ["aelock=true"] : []),
    ...(config.lockWhiteBalance ? ["awblock=true"] : []),
  ];
}

/** A UVC camera counts exposure in units of 100 µs. */
export function v4l2Exposure({ exposureUs }: SourceConfig): number | undefined {
  return exposureUs > 0 ? Math.max(1, Math.round(exposureUs / 100)) : undefined;
}

/**
 * v4l2src's extra-controls. Linux has renamed three of them: both names are given, for GStreamer passes over a control
 * that the camera lacks with a warning.
 */
export function v4l2Controls(config: SourceConfig): string {
  const exposure = v4l2Exposure(config);
  const powerLine = V4L2_POWER_LINE[config.mainsHz];
  const controls: [string, number][] = [
    // A camera that may lengthen its frames in poor light halves its rate just when it is needed.
    ["exposure_dynamic_framerate", 0],
    ["exposure_auto_priority", 0],
  ];
  if (powerLine !== undefined) controls.push(["power_line_frequency", powerLine]);
  if (exposure !== undefined) {
    controls.push(["auto_exposure", V4L2_MANUAL], ["exposure_auto", V4L2_MANUAL]);
    controls.push(["exposure_time_absolute", exposure], ["exposure_absolute", exposure]);
  }
  return `c,${controls.map(([name, value]) => `${name}=${value}`).join(",")}`;
}
