import type { Config } from "../config/index.js";
import { reasonOf } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Models } from "../pipeline/index.js";
import { type Hardware, lookUpEngine, warmEngine } from "../runtime/engines/index.js";
import { Graph } from "../runtime/index.js";

/** How it stands with the TensorRT engine of HSTA's model. */
export interface EngineStatus {
  /**
   * "ready": it runs. "missing": there is none, and the daemon builds none. "building": it is being built, and the next
   * provider runs. "failed": it could not be built or opened. "none": TensorRT is not wished for or not here.
   */
  readonly status: "ready" | "missing" | "building" | "failed" | "none";
  /** The engine that runs, or would; null where there is none. */
  readonly key: string | null;
  /** Why it does not run, in one line; null where it does or is not wished for. */
  readonly reason: string | null;
}

export interface EngineWarmerOptions {
  readonly log: Log;
  readonly hardware: Hardware;
  /** Another graph runs from now on. */
  readonly onReady: () => void;
}

/** Builds the engine that is missing beside the daemon's work, where the configuration lets it, and puts it to use. */
export class EngineWarmer {
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private now: EngineStatus;

  constructor(
    private readonly models: Models,
    private readonly config: Config["recognition"],
    private readonly options: EngineWarmerOptions,
  ) {
    this.now = asFound(models);
  }

  status(): EngineStatus {
    return this.now;
  }

  /** Begins to build, where there is something to build. Once only. */
  start(): void {
    const { log } = this.options;
    const { key } = this.now;
    if (this.now.status !== "missing" || this.config.tensorrt.build === "ahead") return;
    this.now = { status: "building", key, reason: "the engine is being built" };
    log.info({ key, provider: this.models.recogniser.graph.provider }, "building a TensorRT engine beside the work");
    this.work = this.build().catch((thrown: unknown) => {
      if (this.stopping.signal.aborted) return;
      this.now = { status: "failed", key, reason: reasonOf(thrown) };
      log.error({ key, err: thrown }, `HSTA goes on without TensorRT: ${reasonOf(thrown)}`);
    });
  }

  /** Ends a build that is under way. May be called twice; call it before the models are closed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async build(): Promise<void> {
    const { models, config, options } = this;
    const { log, hardware, onReady } = options;
    const { signal } = this.stopping;
    const { model } = models.recogniser.graph;
    const { tensorrt: settings } = config;
    const say = (line: string) => log.info({}, line);
    await warmEngine(model, { settings, signal, hardware, background: true, say });
    const engine = await lookUpEngine(model, settings, hardware);
    if (engine.status !== "ready") throw new Error(engine.reason);
    const { deviceId } = settings;
    const graph = await Graph.open(model, {
      providers: ["tensorrt"],
      threads: config.threads,
      deviceId,
      engine,
      chain: hardware.chain,
    });
    if (signal.aborted) return graph.close();
    await models.recogniser.replace(graph);
    this.now = { status: "ready", key: engine.key, reason: null };
    log.info({ key: engine.key, provider: graph.provider }, "HSTA runs on TensorRT now");
    onReady();
  }
}

function asFound({ engine, recogniser }: Models): EngineStatus {
  const { provider, fallBacks } = recogniser.graph;
  if (engine === undefined) return { status: "none", key: null, reason: null };
  if (engine.status === "none") return { status: "none", key: null, reason: engine.reason };
  const { key } = engine;
  if (engine.status === "missing") return { status: "missing", key, reason: engine.reason };
  if (provider === "tensorrt") return { status: "ready", key, reason: null };
  const failure = fallBacks.find((each) => each.provider === "tensorrt");
  // A provider that stands before TensorRT in the configuration runs: nobody asked the engine.
  if (failure === undefined) return { status: "none", key: null, reason: null };
  return { status: "failed", key, reason: failure.reason };
}
