import { FlinchError } from "../lib/errors.js";
import type { FrameSource } from "../stream/index.js";
import type { OpenCapture } from "./capture.js";
import { FileSource } from "./file-source.js";
import { LiveSource } from "./live-source.js";
import { openCapture } from "./open-capture.js";
import type { SourceConfig } from "./source-config.js";

/** What a source takes from outside; each has a real default. */
export interface SourceDeps {
  readonly open?: OpenCapture;
  readonly now?: () => number;
  readonly wallNow?: () => number;
  readonly random?: () => number;
}

const SCHEMES: Readonly<Partial<Record<SourceConfig["kind"], readonly string[]>>> = {
  rtsp: ["rtsp:", "rtsps:"],
  http: ["http:", "https:"],
};

/** Throws CONFIG_INVALID for a source that no waiting could ever open. */
function check(config: SourceConfig): void {
  const schemes = SCHEMES[config.kind];
  if (schemes) {
    const protocol = URL.canParse(config.uri) ? new URL(config.uri).protocol : "";
    if (!schemes.includes(protocol)) {
      const wanted = schemes.map((scheme) => `${scheme}//`).join(" or ");
      throw new FlinchError("CONFIG_INVALID", `source.uri for kind '${config.kind}' must be a URL with ${wanted}`);
    }
  }
  if (config.kind === "gstreamer" && config.pipeline.trim() === "") {
    throw new FlinchError("CONFIG_INVALID", "source.kind 'gstreamer' needs source.pipeline");
  }
  if ((config.kind === "file" || config.kind === "v4l2") && config.uri === "") {
    throw new FlinchError("CONFIG_INVALID", `source.kind '${config.kind}' needs source.uri`);
  }
}

/** Makes the source that a configuration names; opens nothing before its frames are asked for. */
export function createSource(config: SourceConfig, deps: SourceDeps = {}): FrameSource {
  check(config);
  const {
    open = openCapture,
    now = () => performance.now(),
    wallNow = () => Date.now(),
    random = () => Math.random(),
  } = deps;
  return config.kind === "file"
    ? new FileSource(config, { open, now, wallNow })
    : new LiveSource(config, { open, now, wallNow, random });
}
