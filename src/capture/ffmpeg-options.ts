import type { SourceConfig } from "./source-config.js";

/** The major version of libavformat that OpenCV was built with, from its build information; undefined if it names none. */
export function avformatMajor(buildInformation: string): number | undefined {
  const found = /avformat:\s+YES\s+\((\d+)\./.exec(buildInformation);
  return found ? Number(found[1]) : undefined;
}

/**
 * Options for FFmpeg as OpenCV takes them (`name;value|name;value`): TCP, no reordering buffer, and an end to every
 * read that waits longer than a stall, so that no thread hangs on a host that died.
 */
export function networkOptions(config: SourceConfig, buildInformation: string): string {
  const microseconds = String(Math.round(Math.max(config.stallMs, 1000) * 1000));
  const options: [string, string][] = [["fflags", "nobuffer"]];
  if (config.kind === "rtsp") {
    // libavformat 59 (FFmpeg 5) renamed `stimeout` to `timeout`, which in older ones means: wait for a caller.
    const major = avformatMajor(buildInformation) ?? 59;
    options.push(["rtsp_transport", "tcp"], [major >= 59 ? "timeout" : "stimeout", microseconds]);
  } else {
    options.push(["rw_timeout", microseconds]);
  }
  return options.map(([name, value]) => `${name};${value}`).join("|");
}
