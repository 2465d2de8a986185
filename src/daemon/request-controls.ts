import type { Gate } from "../capture/index.js";
import { doctorChecks, runningInferenceCheck, runningSourceCheck } from "../device/doctor/index.js";
import { runChecks } from "../lib/check.js";
import { FlinchError } from "../lib/errors.js";
import { runningBrokerCheck } from "../mqtt/index.js";
import type { RequestControls } from "../mqtt/requests/index.js";
import type { SessionStore } from "../sessions/index.js";
import type { Controls } from "./controls.js";

export interface RequestControlsOptions {
  readonly controls: Controls;
  readonly sessions: SessionStore;
  readonly gate: Gate;
  /** Ends the process in order. */
  readonly endProcess: () => void;
  /** Seconds that this process has lived. */
  readonly uptimeS?: () => number;
}

/** What requests can do, done by the daemon's own means. */
export function requestControls(options: RequestControlsOptions): RequestControls {
  const { controls, sessions, gate, endProcess, uptimeS = () => process.uptime() } = options;
  return {
    status: () => controls.state(),
    diagnose: () => {
      const { source, models, sourceStats } = inspected(controls);
      const { providers } = controls.config().recognition;
      const { engine, broker } = controls.state();
      const checks = doctorChecks(controls.config(), {
        inference: runningInferenceCheck(models.recogniser.graph.provider, providers, engine),
        source: runningSourceCheck(source.description, sourceStats, gate.pauses),
        broker: runningBrokerCheck(broker),
      });
      return runChecks(checks);
    },
    restartPipeline: () => controls.restart("request"),
    restartProcess: () => {
      const { restartMinUptimeS } = controls.config().ops;
      const lived = uptimeS();
      if (lived < restartMinUptimeS) {
        const wait = Math.ceil(restartMinUptimeS - lived);
        const why = `the daemon started ${Math.floor(lived)} s ago (ops.restartMinUptimeS ${restartMinUptimeS})`;
        throw new FlinchError("TOO_SOON", `${why}; ask again in ${wait} s, or restart the pipeline alone`);
      }
      return endProcess;
    },
    reloadModels: async () => {
      await controls.restart("model/reload");
      const { model, provider } = controls.info();
      return { ...model, provider };
    },
    recalibrate: () => controls.currentRun().recalibrate(),
    startSession: (wish) => sessions.start(wish),
    stopSession: () => sessions.stop(),
  };
}

function inspected(controls: Controls) {
  const run = controls.currentRun();
  return { source: run.source, models: run.models, sourceStats: run.sourceStats() };
}
