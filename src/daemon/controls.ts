import type { Config } from "../config/index.js";
import type { Info, State } from "../mqtt/index.js";
import type { PipelineRun } from "./pipeline-run.js";

/** What the rest of the daemon may ask of it while it works: for requests, sessions and remote configuration. */
export interface Controls {
  /**
   * Begins the pipeline anew (models, source, every face) with the configuration in force; process, boot, sequence
   * numbers and link stay. Settles when the new one begins. Rejects with the reason where it cannot be opened: the old
   * one works on then.
   */
  restart(reason: string): Promise<void>;
  /** The watch at work. */
  watch(): PipelineRun;
  /** The configuration in force. */
  config(): Config;
  state(): State;
  info(): Info;
}
