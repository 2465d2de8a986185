/** How frames are got: the configuration's section `source`. All durations are milliseconds. */
export interface SourceConfig {
  readonly kind: "v4l2" | "csi" | "gstreamer" | "rtsp" | "http" | "file";
  /** A path, a device node, a CSI sensor number or a URL, after `kind`. */
  readonly uri: string;
  /** A GStreamer pipeline, for `kind` "gstreamer" (and instead of the built one for "csi", "v4l2" and "rtsp"). */
  readonly pipeline: string;
  /** Asked of a camera, in pixels; 0 leaves it to the camera. Streams and files come as they are. */
  readonly width: number;
  readonly height: number;
  /** Asked of a camera; 0 leaves it to the camera. A file without a frame rate of its own is given this one. */
  readonly fps: number;
  /** Of an RTSP stream that GStreamer decodes. */
  readonly codec: "h264" | "h265";
  /** Of a USB camera that GStreamer reads. */
  readonly jpegDecoder: "cpu" | "nvjpeg" | "nvv4l2";
  /** Longest exposure (CSI), or the exposure (USB), in microseconds; 0 leaves it to the camera. */
  readonly exposureUs: number;
  /** Highest analogue gain of a CSI camera; 0 leaves it to the camera. */
  readonly maxGain: number;
  /** Of a CSI camera. */
  readonly lockExposure: boolean;
  readonly lockWhiteBalance: boolean;
  /** Of the mains, against flicker; 0 leaves it to the camera. */
  readonly mainsHz: 0 | 50 | 60;
  /** A file's: "realtime" gives each frame when it is due, "fast" as soon as it is taken. */
  readonly pace: "realtime" | "fast";
  /** A file begins again at its end; time and index go on. */
  readonly loop: boolean;
  /** Frames that a live source holds for a slow consumer before it drops the oldest. */
  readonly queueFrames: number;
  /** How long opening a network stream may take. */
  readonly openTimeoutMs: number;
  /** A live source without a frame for this long counts as lost. */
  readonly stallMs: number;
  /** A live source that gives the very same picture for this long counts as frozen; 0 never. */
  readonly frozenMs: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
}
