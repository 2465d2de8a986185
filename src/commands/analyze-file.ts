import { statSync } from "node:fs";
import { basename } from "node:path";
import { buildPipeline, openModels } from "../assemble.js";
import type { Frame } from "../capture/frame.js";
import { createSource } from "../capture/source.js";
import type { Config } from "../config/index.js";
import type { Detection } from "../events/event.js";
import type { Log } from "../ops/log.js";
import type { PipelineListener } from "../pipeline.js";

/** What an analysis was made with, and how far it came. */
export interface Analysed {
  readonly count: number;
  /** What cut the file short. */
  readonly lastError: string | undefined;
  readonly model: Detection["model"];
  readonly provider: string;
  readonly regions: readonly string[];
}

/** Runs the pipeline over a whole file. */
export async function analyzeFile(
  config: Config,
  video: string,
  listener: PipelineListener,
  signal: AbortSignal,
  log: Log,
  onFrame?: (frame: Frame) => void,
): Promise<Analysed> {
  const source = createSource({ ...config.source, kind: "file", uri: video, pace: "fast", loop: false });
  const size = statSync(video, { throwIfNoEntry: false })?.size ?? 0;
  const models = await openModels(config, log);
  const { graph, entry } = models.recogniser;
  const { name, sha256 } = graph.model.entry;
  try {
    const pipeline = buildPipeline(config, models, `file:${basename(video)}:${size}`, listener);
    await pipeline.run(source.frames(signal), onFrame);
  } finally {
    await models.close();
  }
  const { captured, lastError } = source.stats();
  return {
    count: captured,
    lastError,
    model: { name, version: entry.version, sha256 },
    provider: graph.provider,
    regions: models.regions,
  };
}
