import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config/index.js";
import type { Applier } from "../config/remote/index.js";
import { changedKeys, effectOf } from "../config/remote/index.js";
import type { CaptureStats } from "../contract/state.js";
import { Serial } from "../lib/serial.js";
import type { Keepable, PipelineSupervisor } from "./pipeline-supervisor.js";

/** A watch, as far as its configuration goes. */
export interface Configurable extends Keepable {
  /** The configuration that it works by. */
  readonly config: Config;
  /** Frames so far. */
  readonly processed: number;
  /** True while nothing is to be watched. */
  readonly paused: boolean;
  /** Takes over what is live of a configuration. */
  configure(config: Config): void;
  sourceStats(): Pick<CaptureStats, "status">;
}

/** How often it is looked whether a frame has come. */
const LOOK_MS = 20;

/**
 * Holds the configuration in force and is the one place that changes it: live keys at once, others by another watch.
 * Changes and restarts come one after the other.
 */
export class ConfigSwitch implements Applier {
  private readonly changing = new Serial();
  private lastApply:
    | { readonly watch: Configurable; readonly processed: number; readonly framesCame: boolean }
    | undefined;

  /** @param onChange told of a configuration that has come into force live; the keeper tells of those of a new watch */
  constructor(
    private readonly keeper: Pick<PipelineSupervisor<Configurable>, "current" | "replace">,
    private readonly onChange: (config: Config) => void,
  ) {}

  /** The configuration in force. */
  config(): Config {
    return this.keeper.current.config;
  }

  /** Begins the pipeline anew with the configuration in force. Rejects where it cannot be opened. */
  restart(reason: string): Promise<void> {
    return this.changing.run(() => this.keeper.replace(this.config(), reason));
  }

  /** Puts a configuration in force, live where that is enough. Rejects, and changes nothing, where it cannot be opened. */
  apply(config: Config): Promise<void> {
    return this.changing.run(async () => {
      const { current: watch } = this.keeper;
      const framesCame = watch.processed > 0 && watch.sourceStats().status === "streaming";
      const changed = changedKeys(watch.config, config);
      const anew = changed.filter((path) => effectOf(path) === "pipeline");
      if (anew.length > 0) await this.keeper.replace(config, `other configuration: ${anew.join(", ")}`);
      else {
        watch.configure(config);
        this.onChange(config);
      }
      const { current } = this.keeper;
      this.lastApply = { watch: current, processed: current === watch ? watch.processed : 0, framesCame };
    });
  }

  /** A source that gave nothing before is no reason to doubt the change after which it still gives nothing. */
  async proven(withinMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.lastApply?.framesCame !== true) return true;
    const until = performance.now() + withinMs;
    while (!this.hasMoved()) {
      if (performance.now() > until || signal.aborted) return false;
      await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
    return true;
  }

  private hasMoved(): boolean {
    const { current } = this.keeper;
    // Where nothing is to be watched no frame can tell.
    if (current.paused) return true;
    // Another watch may have been begun in between: its own frames count.
    const before = current === this.lastApply?.watch ? this.lastApply.processed : 0;
    return current.processed > before;
  }
}
