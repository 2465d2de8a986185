import { statSync } from "node:fs";
import { basename } from "node:path";
import { createSource } from "../capture/index.js";
import type { Config } from "../config/index.js";
import type { CoverageMs, PipelineListener } from "../pipeline/index.js";
import { buildPipeline, type Models } from "../pipeline/index.js";
import type { Frame } from "../stream/index.js";

/** What became of a stream of frames. */
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
  /** Interrupted before the end. */
  readonly interrupted: boolean;
}

/** Frames from anywhere, and what they are called in the ids of their events. */
interface Stream {
  readonly frames: AsyncIterable<Frame>;
  readonly sourceId: string;
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
  const stream = { frames: source.frames(signal), sourceId: `file:${basename(video)}:${size}` };
  const analysed = await analyzeFrames(config, models, stream, listener, onFrame);
  return { ...analysed, lastError: source.stats().lastError, interrupted: signal.aborted };
}

/** Runs the pipeline over frames until there are no more, and counts what comes of them. */
export async function analyzeFrames(
  config: Config,
  models: Models,
  { frames, sourceId }: Stream,
  listener: PipelineListener,
  onFrame?: (frame: Frame) => void,
): Promise<Omit<Analysed, "lastError" | "interrupted">> {
  const seen = { frames: 0, events: 0, withheld: {} as Record<string, number>, faces: new Set<number>() };
  const pipeline = buildPipeline(config, models, sourceId, {
    ...listener,
    onDetection(detection) {
      seen.events++;
      return listener.onDetection?.(detection);
    },
    onNoEvent(reason, apexMs, face) {
      seen.withheld[reason] = (seen.withheld[reason] ?? 0) + 1;
      listener.onNoEvent?.(reason, apexMs, face);
    },
    onFace(observation, frame) {
      seen.faces.add(observation.face);
      return listener.onFace?.(observation, frame);
    },
  });
  let [firstMs, lastMs] = [Number.NaN, Number.NaN];
  await pipeline.run(frames, (frame) => {
    if (seen.frames === 0) firstMs = frame.timeMs;
    lastMs = frame.timeMs;
    seen.frames++;
    onFrame?.(frame);
  });
  return {
    frames: seen.frames,
    spanMs: seen.frames === 0 ? 0 : lastMs - firstMs,
    coverage: pipeline.stats().coverage,
    faces: seen.faces.size,
    events: seen.events,
    withheld: seen.withheld,
  };
}
