import type { Gate } from "../capture/index.js";
import type { CaptureStats, State } from "../contract/index.js";
import { memoryUse } from "../device/index.js";
import type { MqttLink } from "../mqtt/index.js";
import type { Outbox } from "../outbox/index.js";
import type { CoverageMs, Models, PipelineStats } from "../pipeline/index.js";
import type { SessionStore } from "../sessions/index.js";
import type { BoardMonitor } from "./board-monitor.js";
import type { Counters } from "./counters.js";
import type { EngineStatus } from "./engine-warmer.js";

/** The parts of the process that `state` is about. */
export interface StateParts {
  readonly bootId: string;
  readonly outbox: Pick<Outbox, "stats">;
  readonly link: Pick<MqttLink, "status">;
  readonly sessions: Pick<SessionStore, "current">;
  readonly gate: Pick<Gate, "pauses">;
  readonly board: Pick<BoardMonitor, "reading" | "load">;
  readonly counters: Pick<Counters, "read">;
  /** Of the clips, where some are made. */
  readonly clips?: () => State["evidence"];
}

/** The run of the pipeline that it is about. */
export interface ReportedRun {
  readonly models: Pick<Models, "recogniser">;
  readonly framesLeftOut: number;
  readonly source: { readonly description: string };
  sourceStats(): CaptureStats;
  pipelineStats(): PipelineStats;
  engineStatus(): EngineStatus;
}

const secondsOf = (ms: number): number => Math.round(ms / 100) / 10;

const coverageOf = ({ watched, judged, gaps }: CoverageMs): State["coverage"] => ({
  watchedS: secondsOf(watched),
  judgedS: secondsOf(judged),
  notJudgedS: Object.fromEntries(Object.entries(gaps).map(([reason, ms]) => [reason, secondsOf(ms)])),
});

/** The payload of `state`: how process and pipeline are at this moment. */
export function stateOf(run: ReportedRun, parts: StateParts): State {
  const { bootId, outbox, link, sessions, gate, board, counters } = parts;
  const session = sessions.current();
  const { faces, coverage, clips } = run.pipelineStats();
  const { appended: _, ...events } = outbox.stats();
  const { raised, uptimeS, watches, stagesMs, suppressed } = counters.read();
  const broker = link.status();
  const capture = run.sourceStats();
  return {
    schema: "flinch/state/1",
    bootId,
    at: new Date().toISOString(),
    uptimeS,
    watches,
    source: {
      description: run.source.description,
      ...capture,
      ...(gate.pauses.length > 0 && { status: "paused" }),
      lastError: capture.lastError ?? null,
    },
    pauses: gate.pauses,
    session: session === undefined ? null : { id: session.id, startedAt: session.startedAt },
    faces,
    coverage: coverageOf(coverage),
    clips,
    evidence: parts.clips?.() ?? null,
    stagesMs,
    events: { ...events, raised, published: broker.published, lastError: events.lastError ?? null },
    suppressed,
    provider: run.models.recogniser.graph.provider,
    engine: run.engineStatus(),
    rssMb: memoryUse().rssMb,
    board: board.reading,
    load: { ...board.load, framesLeftOut: run.framesLeftOut },
    broker: { ...broker, lastError: broker.lastError ?? null },
  };
}
