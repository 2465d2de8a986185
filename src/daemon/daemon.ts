import { randomUUID } from "node:crypto";
import { Gate } from "../capture/index.js";
import { type Config, ConfigInForce, requirePurpose, requireSource } from "../config/index.js";
import { DesiredConfig, RemoteStore, readEd25519, scopesOf, topicOfScope } from "../config/remote/index.js";
import type { Session } from "../contract/index.js";
import { Board } from "../device/board/index.js";
import { Notifier, progressSince } from "../device/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { doAll, failuresOf } from "../lib/teardown.js";
import { type EmbeddedBroker, linkOptionsOf, MqttLink, secretsOf, startEmbeddedBroker } from "../mqtt/index.js";
import { serveRequests } from "../mqtt/requests/index.js";
import type { Outbox } from "../outbox/index.js";
import { type Hardware, realHardware } from "../runtime/engines/index.js";
import { publishDay, publishSession, SessionStore } from "../sessions/index.js";
import type { FrameSource } from "../stream/index.js";
import { BoardMonitor } from "./board-monitor.js";
import { ConfigSwitch } from "./config-switch.js";
import { ConsoleHost } from "./console-host.js";
import { type Controls, controlsOf } from "./controls.js";
import { Counters } from "./counters.js";
import { daemonAtWork } from "./daemon-at-work.js";
import { openMetrics } from "./metrics-service.js";
import { openOutbox } from "./open-outbox.js";
import { PipelineRun, type PipelineRunOptions } from "./pipeline-run.js";
import { PipelineSupervisor } from "./pipeline-supervisor.js";
import { type Raising, raise, suppress } from "./raise.js";
import { requestControls } from "./request-controls.js";
import { StatusPublisher } from "./status-publisher.js";
import { StreamClock } from "./stream-clock.js";
import { Timetable } from "./timetable.js";

/** How long the end of a file waits for the broker to take what is in the outbox; the rest stays on disk. */
const FAREWELL_MS = 10_000;

type Undo = () => Promise<void> | void;

/**
 * The composition root: builds every part from the configuration, joins them, and takes them down in reverse order,
 * however far the start got.
 */
export class Daemon {
  private readonly bootId = randomUUID();
  private readonly undo: Undo[] = [];
  /** Aborts when somebody asks the process to end. */
  private readonly ending = new AbortController();
  private readonly gate = new Gate();
  private supervisor: PipelineSupervisor<PipelineRun> | undefined;
  private sessionAt: ((wallMs: number) => Session | undefined) | undefined;
  private openSession: (() => Session | undefined) | undefined;
  /** Pipeline runs opened. */
  private opened = 0;
  /** The local one, with remote values over it from the first run on. */
  private readonly inForce: ConfigInForce;

  /**
   * @param config of defaults, files, environment and arguments
   * @param hardware what TensorRT finds; a test has none
   */
  constructor(
    private readonly config: Config,
    private readonly log: Log,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly hardware: Hardware = realHardware,
  ) {
    this.inForce = new ConfigInForce(config);
    this.inForce.onReplace(({ log: { level } }) => {
      log.level = level;
    });
  }

  /**
   * Runs until the signal aborts or a file ends.
   * @throws FlinchError when it cannot start: configuration, purpose, models, outbox or the embedded broker's port.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      requireSource(this.config);
      requirePurpose(this.config);
      await this.start(AbortSignal.any([signal, this.ending.signal]));
    } catch (thrown) {
      for (const err of await failuresOf(this.undo.reverse())) this.log.error({ err }, `at the end: ${reasonOf(err)}`);
      throw thrown;
    }
    await doAll(this.undo.reverse());
  }

  private async start(signal: AbortSignal): Promise<void> {
    const { bootId, inForce, gate, log } = this;
    const outbox = await this.openOutbox();
    const clock = new StreamClock();
    const host = await this.openConsoleHost(outbox, clock);
    const sessions = await this.openSessions(outbox, host);
    const link = await this.openLink(outbox);
    const counters = new Counters();
    const board = this.boardMonitor(() => publishState());
    const status = new StatusPublisher({
      bootId,
      inForce,
      outbox,
      link,
      sessions,
      gate,
      board,
      counters,
      ...(host && { clips: () => host.clipStats() }),
    });
    const desired = await this.openDesiredConfig(link, status);
    const supervisor = await this.openPipeline(
      desired,
      { bootId, inForce, outbox, sessions, counters, clock, log, ...(host && { host }) },
      status,
    );
    const publishState = () => status.publishState(supervisor.current);
    const configurations = new ConfigSwitch(supervisor, inForce);
    // A daemon that cannot work never says that it is online: the link starts with the first run.
    supervisor.onBegin((run) => {
      counters.begun();
      run.shed(board.load.step);
      status.publishInfo(run);
      link.start();
    });
    this.undo.push(gate.onChange(publishState));
    board.start();
    this.undo.push(() => board.stop());
    this.startTimetable(outbox, sessions, host, publishState);
    const controls = controlsOf(supervisor, configurations, inForce, status);
    this.serveRequests(link, sessions, controls);
    const metrics = await openMetrics({ config: this.config, log, controls, counters });
    this.undo.push(async () => metrics?.close());
    if (host !== undefined) {
      await host.serve(daemonAtWork({ controls, sessions, clock, inForce }), metrics?.metrics);
      this.undo.push(() => host.stop());
    }
    desired.begin(configurations);
    const notifier = this.notifierOf(supervisor);
    await notifier.ready(`watching ${supervisor.current.source.description}`);
    this.undo.push(() => notifier.stopping());
    await supervisor.run(signal);
    await host?.clipsMade();
    await desired.suspend();
    await this.drain(outbox, link, signal);
    publishState();
  }

  private boardMonitor(publishState: () => void): BoardMonitor {
    const { inForce, log } = this;
    const board = new Board();
    return new BoardMonitor({
      settings: () => inForce.current.board,
      log,
      read: () => board.read(),
      run: () => this.supervisor?.current,
      publishState,
    });
  }

  /** Opens the first run. */
  private async openPipeline(
    desired: DesiredConfig,
    raising: Raising & Pick<PipelineRunOptions, "counters" | "clock" | "sessions"> & { readonly host?: ConsoleHost },
    status: StatusPublisher,
  ): Promise<PipelineSupervisor<PipelineRun>> {
    const { log, gate, hardware } = this;
    const supervisor = await PipelineSupervisor.open(desired.config(), {
      log,
      open: (config) =>
        PipelineRun.open(config, {
          ...raising,
          gate,
          hardware,
          ...(raising.host && { observer: raising.host.observer }),
          sourceIdOf: (source) => this.sourceId(source),
          onDetection: (detection, { recogniser }) => raise(detection, recogniser.graph.provider, raising),
          onNoEvent: (reason) => suppress(reason, raising),
          onEngine: (run) => status.publishInfo(run),
        }),
      onFailure: (reason) => desired.failed(reason),
    });
    this.supervisor = supervisor;
    this.undo.push(() => supervisor.close());
    return supervisor;
  }

  /** The remote configuration: what of it is on disk, and whatever comes. */
  private async openDesiredConfig(link: MqttLink, status: StatusPublisher): Promise<DesiredConfig> {
    const { config: local, log } = this;
    const { enabled, publicKeyFile } = local.remote;
    const desired = await DesiredConfig.open({
      local,
      log,
      key: publicKeyFile === "" ? undefined : readEd25519("public", "remote.publicKeyFile", publicKeyFile),
      store: new RemoteStore(local.state.directory, `${local.mqtt.topicPrefix}/${local.device.id}`, log),
      inForce: this.inForce,
      onReport: () => status.publishConfig(desired.report()),
    });
    this.inForce.onReplace(() => status.publishConfig(desired.report()));
    for (const scope of enabled ? scopesOf(local) : []) {
      link.subscribe({
        filter: topicOfScope(local, scope),
        onMessage: ({ payload }) => void desired.receive(scope, payload),
        onTooLong: (_, bytes) => void desired.refuseTooLong(scope, bytes),
      });
    }
    return desired;
  }

  private notifierOf(supervisor: PipelineSupervisor<PipelineRun>): Notifier {
    return new Notifier({
      env: this.env,
      watchdog: this.config.ops.watchdog,
      progress: progressSince(() => supervisor.current.work()),
      warn: (message) => this.log.warn({}, message),
    });
  }

  private async openOutbox(): Promise<Outbox> {
    const outbox = await openOutbox(this.config, this.log);
    this.undo.push(() => outbox.close());
    return outbox;
  }

  /** The history and its console, where one is configured; else nothing of them is loaded. */
  private async openConsoleHost(outbox: Outbox, clock: StreamClock): Promise<ConsoleHost | undefined> {
    const { config, log, bootId } = this;
    if (config.console.listen === "") {
      // Clips go with the events of the history, and are seen in the console alone.
      if (!config.evidence.enabled) return undefined;
      const what = "evidence.enabled needs the console: set console.listen, for example to 127.0.0.1:8321";
      throw new FlinchError("CONFIG_INVALID", what);
    }
    const host = await ConsoleHost.open({
      config,
      log,
      outbox,
      sender: { device: config.device.id, bootId },
      sessionAt: (wallMs) => this.sessionAt?.(wallMs)?.id ?? null,
      regions: () => this.supervisor?.current.models.regions ?? [],
      wallMs: (timeMs) => clock.wallMs(timeMs),
      watching: {
        allowed: () => !config.privacy.requireSession || (this.openSession?.()?.consent ?? "") !== "",
        clip: () => config.clip,
        layout: () => this.supervisor?.current.models.recogniser.entry.layout,
      },
    });
    this.undo.push(() => host.close());
    return host;
  }

  private async openSessions(outbox: Outbox, host: ConsoleHost | undefined): Promise<SessionStore> {
    const { config, log, bootId, gate } = this;
    const { requireSession, sessionMaxHours, purpose } = config.privacy;
    const sessions = await SessionStore.open({
      directory: config.state.directory,
      maxHours: () => sessionMaxHours,
      log,
      defaults: () => ({ room: this.inForce.current.device.room, purpose }),
      onEnd: async (report) => {
        await publishSession(outbox, { device: config.device.id, bootId }, report);
        host?.ended(report);
      },
      settle: async () => {
        if (!requireSession) return;
        gate.set("no_session", true);
        await this.supervisor?.current.settled();
      },
      onChange: () => {
        const open = sessions.current();
        gate.set("no_session", requireSession && open === undefined);
        if (open !== undefined) host?.begun(open);
      },
      source: () => this.supervisor?.current.sourceStats(),
    });
    gate.set("no_session", requireSession && sessions.current() === undefined);
    this.undo.push(() => sessions.close());
    const left = sessions.current();
    if (left !== undefined) host?.begun(left);
    this.openSession = () => sessions.current();
    // As `raise` finds it: a file's movements belong to the session in which the file is read.
    this.sessionAt = (wallMs) => (config.source.kind === "file" ? sessions.current() : sessions.sessionAt(wallMs));
    return sessions;
  }

  private serveRequests(link: MqttLink, sessions: SessionStore, controls: Controls): void {
    const { config, log, bootId, gate } = this;
    const endProcess = () => {
      log.info({}, "asked to end, to be started anew");
      this.ending.abort();
    };
    const dispatcher = serveRequests({
      link,
      controls: requestControls({ controls, sessions, gate, endProcess }),
      topicPrefix: config.mqtt.topicPrefix,
      device: config.device.id,
      bootId,
      log,
    });
    this.undo.push(() => dispatcher.stop());
  }

  private async openLink(outbox: Outbox): Promise<MqttLink> {
    const { config, log } = this;
    let broker: EmbeddedBroker | undefined;
    if (config.mqtt.url === "") {
      const { username } = config.mqtt;
      const visitor = username === "" ? undefined : { username, password: () => secretsOf(config.mqtt).password };
      broker = await startEmbeddedBroker(config.mqtt.embeddedPort, visitor);
      const { port, url, stop } = broker;
      this.undo.push(() => stop());
      log.info({ port, url, letsIn: visitor?.username ?? "everyone on this machine" }, "embedded broker listening");
    }
    const link = new MqttLink(linkOptionsOf(config, this.bootId, broker?.url), log);
    link.offerEvents(outbox);
    this.inForce.onReplace(({ outbox: { drainPerSecond } }) => link.drainAt(drainPerSecond));
    this.undo.push(() => link.stop());
    return link;
  }

  private startTimetable(
    outbox: Outbox,
    sessions: SessionStore,
    host: ConsoleHost | undefined,
    publishState: () => void,
  ): void {
    const { config, log, gate, bootId } = this;
    const summarise = async () => publishDay(outbox, { device: config.device.id, bootId }, await sessions.closeDay());
    const history = host && { history: host.history, expireClips: () => host.expireClips() };
    const timetable = new Timetable({ config, log, outbox, gate, publishState, summarise, ...history });
    this.inForce.onReplace((config) => timetable.follow(config));
    this.undo.push(() => timetable.stop());
  }

  /** At the end of a file the broker gets a while to take the last events; what it does not take stays on disk. */
  private async drain(outbox: Outbox, link: MqttLink, signal: AbortSignal): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), FAREWELL_MS);
    await outbox.emptied(AbortSignal.any([signal, late.signal]));
    clearTimeout(timer);
    const { pending } = outbox.stats();
    if (pending > 0) this.log.warn({ pending, broker: link.status() }, "events wait on disk for the next start");
  }

  private sourceId(source: FrameSource): string {
    // Times and faces of a camera begin anew with every run; those of a file are the same again.
    return source.live ? `${this.config.device.id}:${this.bootId}:${this.opened++}` : source.description;
  }
}
