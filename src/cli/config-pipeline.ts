import { pipelineOf } from "../capture/gstreamer.js";
import { loadConfig, requireSource } from "../config/index.js";
import { FlinchError } from "../lib/errors.js";
import { redactAddress } from "../lib/redact.js";
import type { CommandContext } from "./command.js";

/**
 * `flinch config pipeline`: the GStreamer pipeline that reads the configured source on a Jetson, without credentials.
 * @throws FlinchError USAGE for a kind that GStreamer does not read, and as `loadConfig` and `requireSource`
 */
export async function configPipeline({ line, env, output }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  requireSource(config);
  const pipeline = pipelineOf(config.source);
  if (pipeline === undefined)
    throw new FlinchError("USAGE", `source.kind ${config.source.kind} is read by FFmpeg: it has no pipeline`);
  output(redactAddress(pipeline));
  return 0;
}
