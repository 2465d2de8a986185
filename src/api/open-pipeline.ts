import { type Config, configFrom, type PartialConfig } from "../config/index.js";
import type { Detection } from "../contract/index.js";
import type { PipelineListener } from "../pipeline/index.js";
import { type Models, type Movement, movementOf, openModels } from "../pipeline/index.js";
import { type AnalysisSummary, summaryOf } from "./analysis-summary.js";
import { analyzeFile, analyzeFrames } from "./analyze-source.js";
import { framesOf, type RawFrame } from "./raw-frames.js";

/** What is analysed: the path of a video, or frames from anywhere with a name for them. */
export type AnalysisSource = string | { readonly name: string; readonly frames: AsyncIterable<RawFrame> };

export interface AnalyzeOptions {
  /** Ends the analysis early; what was found until then is the result. */
  readonly signal?: AbortSignal;
  /** Told of every event as it is found, in order; the next frames wait for it. */
  readonly onEvent?: (event: Detection) => void | Promise<void>;
  /** Told of every movement that the spotter noticed, whatever became of it. */
  readonly onMovement?: (movement: Movement) => void | Promise<void>;
}

/** What was found, in order of time, and how much of the recording could be judged. */
export interface Analysis {
  readonly events: readonly Detection[];
  readonly movements: readonly Movement[];
  /** `summary.cut` says why it ended before the recording did; null where it did not. */
  readonly summary: AnalysisSummary;
}

/** Loaded models, for any number of recordings, one after the other or side by side. */
export class OpenPipeline {
  /** @param config the whole configuration, defaults and all */
  constructor(
    readonly config: Config,
    private readonly models: Models,
  ) {}

  /**
   * Analyses every frame, as fast as it goes. The same frames, models and configuration give the same events.
   * @throws FlinchError SOURCE_NOT_FOUND or SOURCE_UNREADABLE where there is no frame to begin with, or one is malformed
   */
  async analyze(source: AnalysisSource, options: AnalyzeOptions = {}): Promise<Analysis> {
    const { config, models } = this;
    const { signal = new AbortController().signal } = options;
    const events: Detection[] = [];
    const movements: Movement[] = [];
    const listener: PipelineListener = {
      onDetection(event) {
        events.push(event);
        return options.onEvent?.(event);
      },
      onOutcome(outcome) {
        const movement = movementOf(outcome);
        movements.push(movement);
        return options.onMovement?.(movement);
      },
    };
    if (typeof source === "string") {
      const analysed = await analyzeFile(config, models, source, listener, signal);
      return { events, movements, summary: summaryOf(source, analysed, models) };
    }
    const { name, frames } = source;
    const stream = { frames: framesOf(frames, signal), sourceId: name };
    const analysed = await analyzeFrames(config, models, stream, listener);
    const whole = { ...analysed, lastError: undefined, interrupted: signal.aborted };
    return { events, movements, summary: summaryOf(name, whole, models) };
  }

  /** Frees the models. Call it when every analysis has ended. */
  close(): Promise<void> {
    return this.models.close();
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Opens the models; each has its hash checked and is run once.
 * @param config sections and keys as in a configuration file (docs/configuration.md); the rest is at its default.
 * Neither files nor environment variables are read.
 * @throws FlinchError CONFIG_INVALID, MODEL_MANIFEST, MODEL_MISSING, MODEL_HASH, MODEL_HEAD, MODEL_UNUSABLE,
 * PROVIDER_UNAVAILABLE or NATIVE_MODULE
 */
export async function openPipeline(config: PartialConfig = {}): Promise<OpenPipeline> {
  const whole = configFrom(config, "openPipeline");
  return new OpenPipeline(whole, await openModels(whole));
}

/**
 * Analyses one recording, and opens and closes the models for it. For several, open a pipeline once.
 * @throws what `openPipeline` and `OpenPipeline.analyze` throw
 */
export async function analyze(
  source: AnalysisSource,
  { config, ...options }: AnalyzeOptions & { readonly config?: PartialConfig } = {},
): Promise<Analysis> {
  const pipeline = await openPipeline(config);
  try {
    return await pipeline.analyze(source, options);
  } finally {
    await pipeline.close();
  }
}
