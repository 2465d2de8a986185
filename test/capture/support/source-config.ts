import type { SourceConfig } from "../../../src/capture/source-config.js";

/** A configuration with short waits; a test names what matters to it. */
export function sourceConfig(changes: Partial<SourceConfig>): SourceConfig {
  return {
    kind: "file",
    uri: "",
    pipeline: "",
    width: 0,
    height: 0,
    fps: 0,
    codec: "h264",
    jpegDecoder: "cpu",
    exposureUs: 0,
    maxGain: 0,
    lockExposure: false,
    lockWhiteBalance: false,
    mainsHz: 0,
    pace: "fast",
    loop: false,
    queueFrames: 4,
    openTimeoutMs: 2000,
    stallMs: 3000,
    frozenMs: 0,
    reconnectMinMs: 50,
    reconnectMaxMs: 400,
    ...changes,
  };
}
