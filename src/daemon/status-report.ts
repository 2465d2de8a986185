import type { Gate } from "../capture/gate.js";
import type { Config } from "../config/index.js";
import type { BoardReading } from "../contract/board.js";
import type { MicroExpressionEvent } from "../contract/event.js";
import type { Load } from "../contract/load.js";
import type { CaptureStats } from "../contract/state.js";
import { memoryUse } from "../device/memory.js";
import { flinchVersion, packageVersion } from "../lib/package-version.js";
import { type Info, type MqttLink, payloadSchemas, type State } from "../mqtt/index.js";
import type { Outbox } from "../outbox/outbox.js";
import type { Models } from "../pipeline/assemble.js";
import type { CoverageMs } from "../pipeline/coverage.js";
import type { NoEvent, PipelineStats } from "../pipeline/pipeline.js";
import { contentsOf } from "../recognition/heads.js";
import { cv } from "../runtime/opencv.js";
import type { SessionStore } from "../sessions/index.js";
import type { SourceCounts } from "../sessions/tally.js";
import type { Frame } from "../stream/frame.js";
import type { EngineStatus } from "./engine-warmer.js";
import { StageTimer } from "./stage-timer.js";

interface Parts {
  /** The configuration in force. */
  readonly config: () => Config;
  readonly bootId: string;
  readonly outbox: Outbox;
  readonly link: MqttLink;
  readonly sessions: SessionStore;
  readonly gate: Gate;
  readonly board: () => { readonly reading: BoardReading | null; readonly load: Load };
}

/** The run of the pipeline that a report is about. */
interface ReportedRun {
  readonly models: Models;
  readonly framesLeftOut: number;
  readonly source: { readonly description: string };
  sourceStats(): CaptureStats;
  pipelineStats(): PipelineStats;
  engineStatus(): EngineStatus;
}

/** What runs here; read once, for nothing of it changes while the process lives. */
const { major, minor, revision } = cv.version;
const versions: Info["versions"] = {
  flinch: flinchVersion(),
  node: process.versions.node,
  opencv: `${major}.${minor}.${revision}`,
  onnxruntime: packageVersion("onnxruntime-node"),
};

const secondsOf = (ms: number): number => Math.round(ms / 100) / 10;

const coverageOf = ({ watched, judged, gaps }: CoverageMs): State["coverage"] => ({
  watchedS: secondsOf(watched),
  judgedS: secondsOf(judged),
  notJudgedS: Object.fromEntries(Object.entries(gaps).map(([reason, ms]) => [reason, secondsOf(ms)])),
});

/** What the daemon has done so far, and the payloads of `info` and `state` made of it. */
export class StatusReport {
  private readonly startedMs = performance.now();
  private readonly timer = new StageTimer(["face", "motion", "hsta"]);
  private readonly reasons = new Map<string, number>();
  private raisedCount = 0;
  /** Wall clock at the stream's zero, as of the last frame: the wall clock may be set while the daemon runs. */
  private zeroMs = Date.now();
  /** Pipeline runs begun. */
  private watches = 0;

  constructor(private readonly parts: Parts) {}

  /** Another watch begins. */
  begun(): void {
    this.watches++;
  }

  frame(frame: Frame): void {
    this.zeroMs = (frame.wallMs ?? Date.now()) - frame.timeMs;
    this.parts.sessions.frame(frame.timeMs);
  }

  /** A face of the last frame is analysed. */
  face(): void {
    this.parts.sessions.face();
  }

  /** What a source has counted: zeros when it is opened, and its last word when it is closed. */
  sourceCounts(counts: SourceCounts): void {
    this.parts.sessions.sourceCounts(counts);
  }

  /** Wall clock of a moment of the stream, milliseconds since the Unix epoch. */
  wallMs(timeMs: number): number {
    return this.zeroMs + timeMs;
  }

  stage(stage: "face" | "motion" | "hsta", ms: number): void {
    this.timer.record(stage, ms);
  }

  suppressed(reason: NoEvent | "no_session"): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    this.parts.sessions.suppressed(reason);
  }

  raised(event: MicroExpressionEvent): void {
    this.raisedCount++;
    this.parts.sessions.event(event.session, "label" in event ? event.label : undefined);
  }

  private stagesMs(): State["stagesMs"] {
    const stages = Object.entries(this.timer.summary());
    return Object.fromEntries(stages.map(([stage, { p50Ms, p95Ms }]) => [stage, { p50: p50Ms, p95: p95Ms }]));
  }

  info({ models }: ReportedRun): Info {
    const { bootId } = this.parts;
    const config = this.parts.config();
    const { graph, entry } = models.recogniser;
    return {
      schema: "flinch/info/1",
      device: config.device.id,
      bootId,
      at: new Date().toISOString(),
      versions,
      model: { name: graph.model.entry.name, version: entry.version, sha256: graph.model.entry.sha256 },
      provider: graph.provider,
      engine: graph.engine ?? null,
      purpose: config.privacy.purpose,
      report: config.recognition.report,
      capabilities: ["micro_expression", ...contentsOf(entry, config.recognition)],
      schemas: payloadSchemas,
    };
  }

  state(watch: ReportedRun): State {
    const { bootId, outbox, link, sessions, gate } = this.parts;
    const session = sessions.current();
    const { models, source } = watch;
    const { faces, coverage, clips } = watch.pipelineStats();
    const { appended: _, ...events } = outbox.stats();
    const broker = link.status();
    const capture = watch.sourceStats();
    const { reading, load } = this.parts.board();
    return {
      schema: "flinch/state/1",
      bootId,
      at: new Date().toISOString(),
      uptimeS: Math.round((performance.now() - this.startedMs) / 1000),
      watches: this.watches,
      source: {
        description: source.description,
        ...capture,
        ...(gate.pauses.length > 0 && { status: "paused" }),
        lastError: capture.lastError ?? null,
      },
      pauses: gate.pauses,
      session: session === undefined ? null : { id: session.id, startedAt: session.startedAt },
      faces,
      coverage: coverageOf(coverage),
      clips,
      stagesMs: this.stagesMs(),
      events: { ...events, raised: this.raisedCount, published: broker.published, lastError: events.lastError ?? null },
      suppressed: Object.fromEntries(this.reasons),
      provider: models.recogniser.graph.provider,
      engine: watch.engineStatus(),
      rssMb: memoryUse().rssMb,
      board: reading,
      load: { ...load, framesLeftOut: watch.framesLeftOut },
      broker: { ...broker, lastError: broker.lastError ?? null },
    };
  }
}
