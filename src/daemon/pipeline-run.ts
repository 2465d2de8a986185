import type { Gate } from "../capture/index.js";
import { createSource, ThinOut } from "../capture/index.js";
import type { Config, ConfigInForce } from "../config/index.js";
import type { CaptureStats, Detection, LoadStep } from "../contract/index.js";
import type { Work } from "../device/index.js";
import { FlinchError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { doAll } from "../lib/teardown.js";
import type { NoEvent, Pipeline, PipelineListener, PipelineStats } from "../pipeline/index.js";
import { buildPipeline, type Models, openModels } from "../pipeline/index.js";
import { type Hardware, realHardware } from "../runtime/engines/index.js";
import type { SessionStore } from "../sessions/index.js";
import type { FrameSource } from "../stream/index.js";
import type { Counters } from "./counters.js";
import { type EngineStatus, EngineWarmer } from "./engine-warmer.js";
import type { StreamClock } from "./stream-clock.js";

/** What a run needs of the process that it is a part of. */
export interface PipelineRunOptions {
  readonly log: Log;
  /** Told of every frame, before it is analysed. */
  readonly clock: Pick<StreamClock, "frame">;
  readonly counters: Pick<Counters, "begun" | "stage">;
  /** Told of what the source and the pipeline see. */
  readonly sessions: Pick<SessionStore, "frame" | "face" | "sourceCounts">;
  /** From its beginning to its end a run goes by this one; it must hold then what the run was opened with. */
  readonly inForce: ConfigInForce;
  /** While it is closed the source is, too. */
  readonly gate: Gate;
  /** Names the stream in the ids of its events. */
  readonly sourceIdOf: (source: FrameSource) => string;
  readonly onDetection: (detection: Detection, models: Models) => Promise<void>;
  /** A movement that was noticed raises no event. */
  readonly onNoEvent: (reason: NoEvent) => void;
  /** HSTA runs on another provider from now on. */
  readonly onEngine: (run: PipelineRun) => void;
  readonly hardware?: Hardware;
  /** Listens beside the daemon itself; must not throw. */
  readonly observer?: Observer;
}

/** What one may hear of the pipeline at work. */
export type Observer = Required<Pick<PipelineListener, "onSample" | "onSignal" | "onOutcome" | "onLeave">> &
  Pick<PipelineListener, "onFace" | "onCandidate"> & {
    /** The source has ended, or is closed for a while. */
    onEnd(): void;
  };

/** A hot board searches so many times less often for faces. */
const SEARCHES_APART = 4;

/**
 * Models, source and pipeline with one configuration, from their opening to their closing. The process around it
 * (outbox, link, schedules) outlives it: another run may follow.
 */
export class PipelineRun {
  private readonly stopping = new AbortController();
  private pipeline: Pipeline;
  private frames: FrameSource;
  private readonly warmer: EngineWarmer;
  private atWork: Promise<void> = Promise.resolve();
  private readonly thinOut = new ThinOut();
  private step: LoadStep = "full";
  /** Frames that went into this run's pipeline. */
  processed = 0;

  private constructor(
    config: Config,
    readonly models: Models,
    private readonly options: PipelineRunOptions,
  ) {
    this.frames = createSource(config.source);
    this.pipeline = this.newPipeline(config);
    this.warmer = new EngineWarmer(models, config.recognition, {
      log: options.log,
      hardware: options.hardware ?? realHardware,
      onReady: () => options.onEngine(this),
    });
  }

  get source(): FrameSource {
    return this.frames;
  }

  /**
   * Opens the models and joins the stages; the source is opened by `run`, so that an older run may still hold it.
   * @throws FlinchError CONFIG_INVALID for a source that could never be opened, and as `openModels`
   */
  static async open(config: Config, options: PipelineRunOptions): Promise<PipelineRun> {
    const models = await openModels(config, options.log, options.hardware);
    try {
      return new PipelineRun(config, models, options);
    } catch (thrown) {
      await models.close();
      throw thrown;
    }
  }

  /** True while nothing is to be watched. */
  get paused(): boolean {
    return this.options.gate.pauses.length > 0;
  }

  /**
   * Runs, with pauses while the gate is closed, until the source ends, `stop` is called or the signal aborts, and
   * settles what is under way. Once only.
   * @throws FlinchError SOURCE_UNREADABLE or SOURCE_NOT_FOUND for a file; what the pipeline throws
   */
  async run(signal: AbortSignal): Promise<void> {
    const { gate, counters, inForce, log } = this.options;
    const stop = AbortSignal.any([signal, this.stopping.signal]);
    this.warmer.start();
    for (let stretch = 0; ; stretch++) {
      if (gate.pauses.length > 0) log.info({ pauses: gate.pauses }, "paused: the source is closed");
      await gate.opened(stop);
      if (stop.aborted) return;
      if (stretch > 0) {
        counters.begun();
        this.frames = createSource(inForce.current.source);
        this.pipeline = this.newPipeline(inForce.current);
        this.shed(this.step);
      }
      const { closed } = gate;
      this.atWork = this.followFrames(AbortSignal.any([stop, closed]));
      await this.atWork;
      if (stop.aborted || !closed.aborted) return;
    }
  }

  /** Runs until the source ends or the signal aborts. */
  private async followFrames(stop: AbortSignal): Promise<void> {
    const { source } = this;
    const { log, clock, sessions } = this.options;
    sessions.sourceCounts({ captured: 0, dropped: 0 });
    log.info({ source: source.description, live: source.live }, "watching");
    try {
      const frames = source.frames(stop);
      await this.pipeline.run(source.live ? this.thinOut.of(frames) : frames, (frame) => {
        this.processed++;
        clock.frame(frame);
        sessions.frame(frame.timeMs);
      });
    } finally {
      sessions.sourceCounts(source.stats());
      this.options.observer?.onEnd();
    }
    const { captured, dropped, lastError } = source.stats();
    log.info({ captured, dropped, lastError }, stop.aborted ? "stopping" : "the source has ended");
    if (!stop.aborted && lastError !== undefined) throw new FlinchError("SOURCE_UNREADABLE", lastError);
  }

  /** Leaves out as much work as this step says, from the next frame on. A file's is all done. */
  shed(step: LoadStep): void {
    this.step = step;
    const { live } = this.source;
    this.pipeline.searchApart(live && step !== "full" ? SEARCHES_APART : 1);
    this.thinOut.active = live && step === "every_second_frame";
  }

  /** Frames that were left out on purpose, beside those that were dropped. */
  get framesLeftOut(): number {
    return this.thinOut.leftOut;
  }

  /** Waits until no frame is in the pipeline and every face is settled; for a gate that has been closed. */
  async settled(): Promise<void> {
    // What it fails with is `run`'s to tell.
    await this.atWork.catch(() => undefined);
  }

  /** Forgets what was learned of the faces in view; returns how many there are. */
  recalibrate(): number {
    return this.pipeline.recalibrate();
  }

  /** Ends `run`, which still settles every face. May be called twice. */
  stop(): void {
    this.stopping.abort();
  }

  /** Frees the models, once nothing uses them any more. Call it after `run`, however that went. */
  async close(): Promise<void> {
    await this.pipeline.end().catch(() => undefined);
    await doAll([() => this.warmer.stop(), () => this.models.close()]);
  }

  private newPipeline(config: Config): Pipeline {
    const { models, options } = this;
    const { log, counters, sessions, inForce } = options;
    const { onEnd: _, ...observer } = options.observer ?? { onEnd: undefined };
    const listener: PipelineListener = {
      ...observer,
      onDetection: (detection) => options.onDetection(detection, models),
      onNoEvent: (reason, apexMs, face) => {
        options.onNoEvent(reason);
        log.debug({ reason, apexMs, face }, "movement without event");
      },
      onFace: (observation, frame) => {
        sessions.face();
        return options.observer?.onFace?.(observation, frame);
      },
      onStage: (stage, ms) => counters.stage(stage, ms),
    };
    return buildPipeline(config, models, options.sourceIdOf(this.source), listener, () => inForce.current);
  }

  /** What is being done, and whether anything hangs. */
  work(): Work {
    const { frames, clips } = this.pipeline;
    return { frames, clips, source: this.source.stats().status };
  }

  engineStatus(): EngineStatus {
    return this.warmer.status();
  }

  pipelineStats(): PipelineStats {
    return this.pipeline.stats();
  }

  sourceStats(): CaptureStats {
    return this.source.stats();
  }
}
