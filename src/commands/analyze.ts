import { statSync } from "node:fs";
import { basename } from "node:path";
import { buildPipeline, openModels } from "../assemble.js";
import { createSource } from "../capture/source.js";
import { type Config, loadConfig } from "../config/index.js";
import { FlinchError } from "../errors.js";
import type { Detection } from "../events/event.js";
import { createLog, type Log } from "../ops/log.js";
import type { PipelineListener } from "../pipeline.js";
import type { CommandContext } from "./command.js";

/**
 * `flinch analyze VIDEO`: every frame of a file, as fast as it goes; one detection a line on standard output and
 * nothing else there. The same file, models and configuration give the same bytes.
 */
export async function analyze({ argv, env, output, signal }: CommandContext): Promise<number> {
  const { config, positionals, switches } = loadConfig({ argv, env, switches: ["signals"] });
  const [video, ...rest] = positionals;
  if (video === undefined || rest.length > 0) {
    throw new FlinchError("USAGE", "usage: flinch analyze VIDEO [--config FILE] [--KEY=VALUE …]");
  }
  const log = createLog(config.log.level);
  const listener: PipelineListener = {
    onDetection: (detection: Detection) => output(JSON.stringify(detection)),
    onNoEvent: (reason, apexMs, face) => log.debug({ reason, apexMs, face }, "movement without event"),
    // For drawing and tuning: the motion signal itself.
    ...(switches.has("signals") && {
      onSample: (face, { timeMs, displacement, change, head }) =>
        output(
          JSON.stringify({
            kind: "sample",
            face,
            timeMs,
            displacement: [...displacement],
            change: [...change],
            head: [...head],
          }),
        ),
    }),
  };
  const frames = await analyzeFile(config, video, listener, signal, log);
  log.info({ frames: frames.count, lastError: frames.lastError }, "analysed");
  if (frames.lastError !== undefined) throw new FlinchError("SOURCE_UNREADABLE", `${video}: ${frames.lastError}`);
  return signal.aborted ? 1 : 0;
}

/** Runs the pipeline over a whole file; returns how many frames it gave and what cut it short. */
export async function analyzeFile(
  config: Config,
  video: string,
  listener: PipelineListener,
  signal: AbortSignal,
  log: Log,
): Promise<{ count: number; lastError: string | undefined }> {
  const source = createSource({ ...config.source, kind: "file", uri: video, pace: "fast", loop: false });
  const size = statSync(video, { throwIfNoEntry: false })?.size ?? 0;
  const models = await openModels(config, log);
  try {
    const pipeline = buildPipeline(config, models, `file:${basename(video)}:${size}`, listener);
    await pipeline.run(source.frames(signal));
  } finally {
    await models.close();
  }
  const { captured, lastError } = source.stats();
  return { count: captured, lastError };
}
