import type { Config, ConfigInForce } from "../config/index.js";
import type { Info, State } from "../contract/index.js";
import type { ConfigSwitch } from "./config-switch.js";
import type { PipelineRun } from "./pipeline-run.js";
import type { PipelineSupervisor } from "./pipeline-supervisor.js";
import type { StatusPublisher } from "./status-publisher.js";

/** What the rest of the daemon may ask of it while it works: for requests, sessions and remote configuration. */
export interface Controls {
  /**
   * Begins the pipeline anew (models, source, every face) with the configuration in force; process, boot, sequence
   * numbers and link stay. Settles when the new one begins. Rejects with the reason where it cannot be opened: the old
   * one works on then.
   */
  restart(reason: string): Promise<void>;
  /** The run at work. */
  currentRun(): PipelineRun;
  /** The configuration in force. */
  config(): Config;
  state(): State;
  info(): Info;
}

/** The controls of a daemon at work. */
export function controlsOf(
  supervisor: PipelineSupervisor<PipelineRun>,
  configurations: ConfigSwitch,
  inForce: ConfigInForce,
  status: StatusPublisher,
): Controls {
  return {
    restart: (reason) => configurations.restart(reason),
    currentRun: () => supervisor.current,
    config: () => inForce.current,
    state: () => status.state(supervisor.current),
    info: () => status.info(supervisor.current),
  };
}
