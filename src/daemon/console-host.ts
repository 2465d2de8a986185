import { existsSync } from "node:fs";
import type { Config } from "../config/index.js";
import type { Console, DaemonAtWork } from "../console/index.js";
import type { MicroExpressionEvent, Session, SessionReport, State } from "../contract/index.js";
import type { ClipRecorder, Evidence, Watching } from "../evidence/index.js";
import { clipsFolder } from "../evidence/place.js";
import type { History, HistoryRecorder } from "../history/index.js";
import { reasonOf } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Metrics } from "../metrics/index.js";
import type { Outbox } from "../outbox/index.js";
import type { Outcome } from "../pipeline/index.js";
import type { Sender } from "../sessions/index.js";
import { CoverageLog } from "./coverage-log.js";
import type { Observer } from "./pipeline-run.js";

const MB = 1_000_000;

export interface ConsoleHostOptions {
  readonly config: Config;
  readonly log: Log;
  readonly outbox: Outbox;
  readonly sender: Sender;
  /** The open session's id at a wall clock time; null for none. */
  readonly sessionAt: (wallMs: number) => string | null;
  /** Names of the face's regions, in the motion's order. */
  readonly regions: () => readonly string[];
  /** Wall clock of a moment of the stream. */
  readonly wallMs: (timeMs: number) => number;
  /** What clips are made by; missing where nothing is watched. */
  readonly watching?: Watching;
}

/** What a daemon with a console has more than one without: a history, clips of it, and the console that shows them. */
export class ConsoleHost {
  private console: Console | undefined;
  private coverage: CoverageLog | undefined;
  private readonly filming: ClipRecorder | undefined;

  private constructor(
    readonly history: History,
    private readonly recorder: HistoryRecorder,
    private readonly stopPublishing: () => void,
    private readonly options: ConsoleHostOptions,
    private readonly evidence: Evidence | undefined,
  ) {
    this.filming = options.watching && evidence?.film(options.watching);
  }

  /**
   * Opens the history, and the clips where there are or will be any; `serve` opens the console once there is something
   * to show.
   * @throws FlinchError HISTORY_UNWRITABLE, and as `Evidence.open`
   */
  static async open(options: ConsoleHostOptions): Promise<ConsoleHost> {
    const { config, log, outbox, sender, sessionAt, regions, wallMs } = options;
    const { History, HistoryRecorder, publishChanges } = await import("../history/index.js");
    const history = History.open({
      directory: config.outbox.directory,
      log,
      maxBytes: config.console.historyMaxMb * MB,
    });
    const evidence = await openEvidence(options, history).catch((thrown: unknown) => {
      history.close();
      throw thrown;
    });
    const recorder = new HistoryRecorder({
      history,
      regions,
      wallMs,
      session: sessionAt,
      requireSession: () => config.privacy.requireSession,
      maxFps: () => config.clip.maxFps,
      log,
    });
    const stopPublishing = publishChanges(history, outbox, sender, log);
    return new ConsoleHost(history, recorder, stopPublishing, options, evidence);
  }

  /** Told of all that the pipeline sees; of every frame only where clips are made. */
  get observer(): Observer {
    if (this.filming === undefined) return this.seen;
    const { onFace, onCandidate } = this.filming.listener;
    return { ...this.seen, onFace, onCandidate };
  }

  private readonly seen: Observer = {
    onSample: (face, observed) => {
      this.recorder.listener.onSample(face, observed);
      this.console?.live.listener.onSample(face, observed);
    },
    onSignal: (face, signal) => {
      this.recorder.listener.onSignal(face, signal);
      this.console?.live.listener.onSignal(face, signal);
    },
    onOutcome: (outcome: Outcome) => {
      this.recorder.listener.onOutcome(outcome);
      this.filming?.listener.onOutcome(outcome);
      this.console?.live.listener.onOutcome(outcome);
    },
    onLeave: (face) => {
      this.recorder.listener.onLeave(face);
      this.filming?.listener.onLeave(face);
    },
    onEnd: () => {
      this.recorder.end();
      this.filming?.end();
    },
  };

  /** An event is in the outbox. */
  raised(event: MicroExpressionEvent): void {
    this.recorder.raised(event);
    this.filming?.raised(event);
    this.console?.live.raised(event);
  }

  /** A session has begun, or was open already when the daemon started. */
  begun(session: Session): void {
    this.keep(() => this.history.beginSession(session));
    this.coverage?.write();
  }

  ended(report: SessionReport): void {
    this.coverage?.write();
    this.keep(() => this.history.endSession(report));
  }

  /** Opens the console, over a daemon at work where there is one; returns its address. */
  async serve(daemon?: DaemonAtWork, metrics?: Metrics): Promise<string> {
    const { config, log } = this.options;
    const { Console } = await import("../console/index.js");
    const { history } = this;
    const kept = this.evidence?.clips;
    this.console = await Console.open(config.console, {
      log,
      history,
      ...(kept && { clips: { kept, role: config.evidence.role } }),
      ...(daemon && { daemon }),
      ...(metrics && { metrics }),
    });
    if (daemon !== undefined) {
      this.coverage = new CoverageLog({
        read: () => daemon.coverage(),
        session: () => daemon.state().session?.id ?? null,
        store: (session, span) => this.keep(() => history.addCoverage(session, span)),
      });
    }
    log.info({ url: this.console.url }, "console listening");
    return this.console.url;
  }

  /** What `state` says of clips; null where none are made. */
  clipStats(): State["evidence"] {
    return this.evidence?.stats() ?? null;
  }

  /** Deletes the clips that have been kept long enough, once the history has done the same with the events. */
  async expireClips(): Promise<number> {
    return (await this.evidence?.expire()) ?? 0;
  }

  /** Waits for the clips that are being made. Call it when the pipeline has ended, and the outbox is open. */
  async clipsMade(): Promise<void> {
    await this.evidence?.settled();
  }

  /** Closes the console; the history still takes what is under way. May be called twice. */
  async stop(): Promise<void> {
    this.coverage?.stop();
    await this.console?.close();
    this.console = undefined;
  }

  /** Stores what still waits. May be called twice. */
  async close(): Promise<void> {
    this.recorder.end();
    await this.evidence?.settled();
    this.stopPublishing();
    this.history.close();
  }

  /** A history that cannot be written must not keep a session from beginning or ending. */
  private keep(work: () => void): void {
    try {
      work();
    } catch (err) {
      this.options.log.error({ err }, "the history cannot be written");
    }
  }
}

/** Clips are loaded where some are wanted, or earlier ones are there, which go with their events all the same. */
async function openEvidence(options: ConsoleHostOptions, history: History): Promise<Evidence | undefined> {
  const { config, log, outbox, sender, watching } = options;
  const { evidence: settings, state } = config;
  if (!settings.enabled && !existsSync(clipsFolder(state.directory))) return undefined;
  const { Evidence } = await import("../evidence/index.js");
  const places = { stateDirectory: state.directory, outboxDirectory: config.outbox.directory };
  const evidence = await Evidence.open(
    { settings, ...places, outbox, sender, events: history, log },
    watching !== undefined,
  );
  history.onDelete(() => {
    evidence.clips.sweep().catch((thrown: unknown) => {
      log.error({ reason: reasonOf(thrown) }, "evidence: clips of deleted events are still there");
    });
  });
  return evidence;
}
