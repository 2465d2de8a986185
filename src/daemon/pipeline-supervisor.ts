import type { Config } from "../config/index.js";
import { reasonOf } from "../lib/errors.js";
import { Serial } from "../lib/serial.js";

/** What is kept at work; each runs once. */
export interface Supervised {
  run(signal: AbortSignal): Promise<void>;
  /** Ends `run` early. */
  stop(): void;
  /** Frees everything, after `run` or in place of it. */
  close(): Promise<void>;
}

export interface PipelineSupervisorOptions<Run extends Supervised> {
  readonly open: (config: Config) => Promise<Run>;
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /**
   * Asked when a run failed: the configuration to go on with, or undefined where there is none, and the failure is
   * that of the whole process.
   */
  readonly onFailure?: (reason: unknown) => Promise<Config | undefined>;
}

interface Opened<Run> {
  readonly run: Run;
  readonly config: Config;
}

interface Successor<Run> extends Opened<Run> {
  readonly begun: () => void;
  readonly refused: (reason: Error) => void;
}

/**
 * Keeps one run at work, and replaces it by another without anything else of the process stopping. The new one is
 * opened while the old one still works: what cannot be opened never ends what does.
 */
export class PipelineSupervisor<Run extends Supervised> {
  private readonly replacing = new Serial();
  private readonly listeners: ((run: Run, config: Config) => void)[] = [];
  private successor: Successor<Run> | undefined;
  private over = false;
  private rescues = false;

  private constructor(
    private opened: Opened<Run>,
    private readonly options: PipelineSupervisorOptions<Run>,
  ) {}

  /**
   * Opens the first run; where that fails, one with the configuration that `onFailure` has, if any.
   * @throws FlinchError as `open`
   */
  static async open<W extends Supervised>(
    config: Config,
    options: PipelineSupervisorOptions<W>,
  ): Promise<PipelineSupervisor<W>> {
    try {
      return new PipelineSupervisor({ run: await options.open(config), config }, options);
    } catch (thrown) {
      const other = await options.onFailure?.(thrown);
      if (other === undefined) throw thrown;
      options.log.error({ err: thrown }, `the pipeline cannot begin: ${reasonOf(thrown)}`);
      return new PipelineSupervisor({ run: await options.open(other), config: other }, options);
    }
  }

  /** The run at work, or the last one that was. */
  get current(): Run {
    return this.opened.run;
  }

  /** True from a run's failure until another has begun in its place, with a configuration chosen then. */
  get rescuing(): boolean {
    return this.rescues;
  }

  /** Called when a run is about to begin, the first one included, with the configuration that it was opened with. */
  onBegin(listener: (run: Run, config: Config) => void): void {
    this.listeners.push(listener);
  }

  /** Keeps one run after another going, until a source ends, a run fails for good or the signal aborts. Once only. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const { run, config } = this.opened;
        // A successor that was called while the one before was being rescued.
        if (this.successor !== undefined) run.stop();
        for (const listener of this.listeners) listener(run, config);
        this.rescues = false;
        const failure = await failureOf(run.run(signal));
        if (signal.aborted) {
          if (failure !== undefined) throw failure.reason;
          return;
        }
        const next = await this.next(failure);
        if (next === undefined) return;
        await run.close();
        this.opened = next;
        next.begun();
      }
    } finally {
      this.over = true;
      const successor = this.takeSuccessor();
      successor?.refused(ending());
      await successor?.run.close();
    }
  }

  /**
   * Opens a run with this configuration, ends the one at work and begins the new one.
   * @throws FlinchError as `open`, and an Error when the process is ending; the old run works on then
   */
  replace(config: Config, reason: string): Promise<void> {
    return this.replacing.run(async () => {
      if (this.over) throw ending();
      const run = await this.options.open(config);
      if (this.over) {
        await run.close();
        throw ending();
      }
      this.options.log.info({ reason }, "the pipeline begins anew");
      await new Promise<void>((begun, refused) => {
        this.successor = { run, config, begun, refused };
        this.current.stop();
      });
    });
  }

  /** Frees the last run, after `run`. */
  async close(): Promise<void> {
    this.over = true;
    await this.replacing.run(async () => undefined);
    await this.current.close();
  }

  private async next(failure: Failure | undefined): Promise<Omit<Successor<Run>, "refused"> | undefined> {
    const successor = this.takeSuccessor();
    if (failure === undefined) return successor;
    const { reason } = failure;
    this.rescues = true;
    const config = successor === undefined ? await this.options.onFailure?.(reason) : undefined;
    if (successor === undefined && config === undefined) throw reason;
    this.options.log.error({ err: reason }, `the pipeline failed and begins anew: ${reasonOf(reason)}`);
    if (successor !== undefined || config === undefined) return successor;
    return { run: await this.options.open(config), config, begun: () => undefined };
  }

  private takeSuccessor(): Successor<Run> | undefined {
    const { successor } = this;
    this.successor = undefined;
    return successor;
  }
}

interface Failure {
  readonly reason: unknown;
}

async function failureOf(work: Promise<void>): Promise<Failure | undefined> {
  return work.then(
    () => undefined,
    (reason: unknown) => ({ reason }),
  );
}

function ending(): Error {
  return new Error("the daemon is ending");
}
