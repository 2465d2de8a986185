import { setTimeout as sleep } from "node:timers/promises";
import type { Config, ConfigInForce } from "../config/index.js";
import type { Applier } from "../config/remote/index.js";
import { changedKeys, effectOf } from "../config/remote/index.js";
import type { CaptureStats } from "../contract/index.js";
import { Serial } from "../lib/serial.js";
import type { PipelineSupervisor, Supervised } from "./pipeline-supervisor.js";

/** A run, as far as its configuration goes. */
export interface Configurable extends Supervised {
  /** Frames so far. */
  readonly processed: number;
  /** True while nothing is to be watched. */
  readonly paused: boolean;
  sourceStats(): Pick<CaptureStats, "status">;
}

/** How often it is looked whether a frame has come. */
const LOOK_MS = 20;

/**
 * The one place that changes the configuration in force: where keys are live at once, else when another run begins.
 * Changes and restarts come one after the other.
 */
export class ConfigSwitch implements Applier {
  private readonly changing = new Serial();
  private lastApply:
    | { readonly run: Configurable; readonly processed: number; readonly framesCame: boolean }
    | undefined;

  constructor(
    private readonly supervisor: Pick<PipelineSupervisor<Configurable>, "current" | "rescuing" | "replace" | "onBegin">,
    private readonly inForce: ConfigInForce,
  ) {
    supervisor.onBegin((_, config) => inForce.replace(config));
  }

  /** Begins the pipeline anew with the configuration in force. Rejects where it cannot be opened. */
  restart(reason: string): Promise<void> {
    return this.changing.run(() => this.supervisor.replace(this.inForce.current, reason));
  }

  /** Puts a configuration in force, live where that is enough. Rejects, and changes nothing, where it cannot be opened. */
  apply(config: Config): Promise<void> {
    return this.changing.run(async () => {
      const { current: run } = this.supervisor;
      const framesCame = run.processed > 0 && run.sourceStats().status === "streaming";
      const changed = changedKeys(this.inForce.current, config);
      const anew = changed.filter((path) => effectOf(path) === "pipeline");
      // The run that is being opened in place of a failed one brings a configuration that is older than this.
      if (anew.length > 0 || this.supervisor.rescuing)
        await this.supervisor.replace(config, `other configuration: ${(anew.length > 0 ? anew : changed).join(", ")}`);
      else this.inForce.replace(config);
      const { current } = this.supervisor;
      this.lastApply = { run: current, processed: current === run ? run.processed : 0, framesCame };
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
    const { current } = this.supervisor;
    // Where nothing is to be watched no frame can tell.
    if (current.paused) return true;
    // Another run may have been begun in between: its own frames count.
    const before = current === this.lastApply?.run ? this.lastApply.processed : 0;
    return current.processed > before;
  }
}
