import { buildPipeline } from "../capture/gstreamer.js";
import {
  type ConfigInput,
  checkConfig,
  loadConfig,
  printConfig,
  printConfigSchema,
  renderConfigDocs,
  requireSource,
} from "../config/index.js";
import { redactAddress } from "../config/redact.js";
import { FlinchError } from "../errors.js";
import type { CommandContext } from "./command.js";
import { signedDocument } from "./config-sign.js";

/** `flinch config print|check|schema|pipeline|sign|docs`; `docs` writes the page docs/configuration.md. */
export async function config({ argv, env, output }: CommandContext): Promise<number> {
  const [what, ...rest] = argv;
  const input = { argv: rest, env };
  switch (what) {
    case "print":
      output(printConfig(loadConfig(input)));
      return 0;
    case "check":
      output(checkConfig(input));
      return 0;
    case "schema":
      output(printConfigSchema());
      return 0;
    case "pipeline":
      output(pipelineOf(input));
      return 0;
    case "sign":
      output(signedDocument(rest, env));
      return 0;
    case "docs":
      output(renderConfigDocs().trimEnd());
      return 0;
    default:
      throw new FlinchError(
        "USAGE",
        "usage: flinch config print|check|schema|pipeline|docs|sign [--config FILE] [--KEY=VALUE …]",
      );
  }
}

/**
 * The GStreamer pipeline that reads the configured source on a Jetson, without credentials.
 * @throws FlinchError USAGE for a kind that GStreamer does not read, and as `loadConfig` and `requireSource`
 */
function pipelineOf(input: ConfigInput): string {
  const { config } = loadConfig(input);
  requireSource(config);
  const pipeline = buildPipeline(config.source);
  if (pipeline === undefined)
    throw new FlinchError("USAGE", `source.kind ${config.source.kind} is read by FFmpeg: it has no pipeline`);
  return redactAddress(pipeline);
}
