import { statSync } from "node:fs";
import { basename } from "node:path";
import { createSource } from "../capture/source.js";
import type { Config } from "../config/index.js";
import { buildPipeline, type Models } from "../pipeline/assemble.js";
import type { CoverageMs } from "../pipeline/coverage.js";
import type { PipelineListener } from "../pipeline/pipeline.js";
import type { Frame } from "../stream/frame.js";

/** What became of a file. */
export interface Analysed {
  readonly frames: number;
  /** From the first frame to the last. */
  readonly spanMs: number;
  readonly coverage: CoverageMs;
  readonly faces: number;
  readonly events: number;
  /** Movements that raised no event, by the reason. */
  readonly withheld: Readonly<Record<string, number>>;
  /** What cut the file short. */
  readonly lastError: string | undefined;
  /** Interrupted before the file's end. */
  readonly interrupted: boolean;
}

/** Runs the pipeline over a whole file, as fast as it goes. */
export async function analyzeFile(
  config: Config,
  models: Models,
  video: string,
  listener: PipelineListener,
  signal: AbortSignal,
  onFrame?: (frame: Frame) => void,
): Promise<Analysed> {
  const source = createSource({ ...config.source, kind: "file", uri: video, pace: "fast", loop: false });
  const size = statSync(video, { throwIfNoEntry: false })?.size ?? 0;
  const seen = { events: 0, withheld: {} as Record<string, number>, faces: new Set<number>() };
  const pipeline = buildPipeline(config, models, `file:${basename(video)}:${size}`, {
    ...listener,
    onDetection(detection) {
      seen.events++;
      return listener.onDetection?.(detection);
    },
    onNoEvent(reason, apexMs, face) {
      seen.withheld[reason] = (seen.withheld[reason] ?? 0) + 1;
      listener.onNoEvent?.(reason, apexMs, face);
    },
    onFace(observation) {
      seen.faces.add(observation.face);
      return listener.onFace?.(observation);
    },
  });
  let [firstMs, lastMs] = [Number.NaN, Number.NaN];
  await pipeline.run(source.frames(signal), (frame) => {
    if (Number.isNaN(firstMs)) firstMs = frame.timeMs;
    lastMs = frame.timeMs;
    onFrame?.(frame);
  });
  const { captured, lastError } = source.stats();
  return {
    frames: captured,
    spanMs: captured === 0 ? 0 : lastMs - firstMs,
    coverage: pipeline.stats().coverage,
    faces: seen.faces.size,
    events: seen.events,
    withheld: seen.withheld,
    lastError,
    interrupted: signal.aborted,
  };
}
