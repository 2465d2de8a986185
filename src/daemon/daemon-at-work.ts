import type { ConfigInForce } from "../config/index.js";
import type { DaemonAtWork } from "../console/index.js";
import type { SessionStore } from "../sessions/index.js";
import { leastScore } from "../spotting/index.js";
import type { Controls } from "./controls.js";
import type { StreamClock } from "./stream-clock.js";

interface Parts {
  readonly controls: Controls;
  readonly sessions: SessionStore;
  readonly clock: StreamClock;
  readonly inForce: ConfigInForce;
}

/** What the console may see and do of this daemon. */
export function daemonAtWork({ controls, sessions, clock, inForce }: Parts): DaemonAtWork {
  return {
    state: () => controls.state(),
    info: () => controls.info(),
    regions: () => controls.currentRun().models.regions,
    threshold: () => leastScore(inForce.current.spotting),
    coverage: () => controls.currentRun().pipelineStats().coverage,
    startSession: (wish) => sessions.start(wish),
    stopSession: () => sessions.stop(),
    wallMs: (timeMs) => clock.wallMs(timeMs),
  };
}
