import { setTimeout as sleep } from "node:timers/promises";
import type { Availability, DeviceTopic, LinkStatus } from "../contract/index.js";
import { topicNameOf } from "../contract/index.js";
import { atMost } from "../lib/at-most.js";
import type { Logger } from "../lib/logger.js";
import { redactAddress } from "../lib/redact.js";
import { retryDelays } from "../lib/retry-delays.js";
import type { Outbox, PendingEvent } from "../outbox/index.js";
import { ClosedUnanswered } from "./closed.js";
import { drain } from "./drain.js";
import { LatencyWindow } from "./latency.js";
import type { LinkOptions } from "./link-options.js";
import { Pace } from "./pace.js";
import { explain, explainNone, isVersionRefusal, reasonCodeOf, takenOver } from "./refusal.js";
import { RetainedPayloads } from "./retained.js";
import { type Received, Session } from "./session.js";
import { matches, type Subscription } from "./subscription.js";
import { Takeovers } from "./takeovers.js";
import { discoveryTopicOf, type RetainedTopic, topicOf } from "./topics.js";

/** A connection that lived this long was a good one: the next attempt waits as little as the first. */
const settledMs = 10_000;
/** Most that a clean stop waits for the broker, for each of: events on their way, "stopped", the goodbye. */
const farewellMs = 2000;

/**
 * The device's end of MQTT: keeps a connection to the broker, republishes everything retained on every one of them,
 * and publishes the events of the outbox. A broker that is away or refuses is logged and tried again, for ever.
 */
export class MqttLink {
  private readonly stopping = new AbortController();
  private readonly latency = new LatencyWindow();
  private readonly retained: RetainedPayloads;
  private readonly url: string;
  private readonly pace: Pace;
  private readonly takeovers: Takeovers;
  private version: 4 | 5;
  private readonly subscriptions: Subscription[] = [];
  private session: Session | undefined;
  private outbox: Outbox | undefined;
  private running: Promise<void> | undefined;
  private connected = false;
  private connections = 0;
  private published = 0;
  private lastError: string | undefined;

  constructor(
    private readonly options: LinkOptions,
    private readonly logger: Logger,
  ) {
    this.version = options.protocolVersion;
    this.pace = new Pace(options.drainPerSecond);
    this.takeovers = new Takeovers(options.reconnectMaxMs);
    this.url = redactAddress(options.url);
    this.retained = new RetainedPayloads((name, reason) => {
      // The end of the connection is told by itself.
      if (reasonCodeOf(reason) === undefined) return;
      this.logger.warn({ topic: name }, `the broker refuses ${name}: ${explain(reason)}`);
    });
    // Set here to be the first on every connection; each connection sets its own.
    this.retained.set("availability", this.availability("online"));
  }

  /** Begins to connect, and returns at once. */
  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Publishes a retained payload now, where there is a connection, and again on every connection to come. */
  publishRetained(name: Exclude<RetainedTopic, "availability">, payload: object): void {
    this.retained.set(name, payload);
  }

  /** Publishes what is in the outbox and what comes into it. Call it once, before `start`. */
  offerEvents(outbox: Outbox): void {
    this.outbox = outbox;
  }

  /** Publishes at most so many events in a second from now on. */
  drainAt(perSecond: number): void {
    this.pace.perSecond = perSecond;
  }

  /** Hands on what is sent to a topic, on every connection. Call it before `start`. */
  subscribe(subscription: Subscription): void {
    this.subscriptions.push(subscription);
  }

  /**
   * Publishes once, not retained; fulfilled when the broker has it. An answer is for whoever waits for it now, so it
   * is not kept: rejects where there is no connection.
   * @param topic in full
   * @param correlationData of the request, MQTT 5
   */
  async answer(topic: string, payload: object, correlationData?: Buffer): Promise<void> {
    if (this.session === undefined) throw new Error("there is no connection to the broker");
    await this.session.publish(topic, payload, { retain: false, correlationData });
  }

  /** Says "stopped" to the broker, where there is one, and ends the connection; takes a few seconds at most. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  status(): LinkStatus {
    return {
      connected: this.connected,
      url: this.url,
      protocol: this.version === 5 ? "5" : "3.1.1",
      reconnects: Math.max(0, this.connections - 1),
      published: this.published,
      acceptMs: this.latency.summary(),
      takeovers: this.takeovers.status(),
      lastError: this.lastError,
    };
  }

  private async run(stop: AbortSignal): Promise<void> {
    const { reconnectMinMs, reconnectMaxMs } = this.options;
    let waits = retryDelays({ minMs: reconnectMinMs, maxMs: reconnectMaxMs });
    while (!stop.aborted) {
      const openedAt = performance.now();
      const again = await this.connectOnce(stop);
      if (performance.now() - openedAt >= settledMs)
        waits = retryDelays({ minMs: reconnectMinMs, maxMs: reconnectMaxMs });
      const waitMs = again === "now" ? 0 : again === "later" ? waits.next().value : again;
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** One connection, from the attempt to its end; returns when to try the next, a number in so many milliseconds. */
  private async connectOnce(stop: AbortSignal): Promise<"now" | "later" | number> {
    let session: Session;
    try {
      session = this.newSession();
    } catch (thrown) {
      // A file that cannot be read, or a certificate that is none.
      this.failed(`no connection to the broker ${this.url}`, explain(thrown));
      return "later";
    }
    const cut = () => session.cut();
    stop.addEventListener("abort", cut);
    if (stop.aborted) cut();
    try {
      await session.opened;
    } catch (thrown) {
      return stop.aborted ? "later" : this.notAccepted(thrown);
    } finally {
      stop.removeEventListener("abort", cut);
    }
    return this.use(session, stop);
  }

  private newSession(): Session {
    const will = { topic: this.topic("availability"), payload: this.availability("offline") };
    return new Session(this.options, this.version, will);
  }

  /** Everything that happens on an accepted connection; returns when to try the next. */
  private async use(session: Session, stop: AbortSignal): Promise<"later" | number> {
    const openedAt = performance.now();
    this.connected = true;
    this.connections += 1;
    this.lastError = undefined;
    this.logger.info({ broker: this.url, protocol: this.status().protocol }, `connected to the broker ${this.url}`);
    this.retained.set("availability", this.availability("online"));
    this.session = session;
    this.retained.attach((name, payload) => session.publish(this.topic(name), payload, { retain: true }));
    this.listen(session);
    const ending = new AbortController();
    const draining = this.drainInto(session, ending.signal);
    const stopped = new Promise<void>((resolve) => {
      stop.addEventListener("abort", () => resolve(), { once: true, signal: ending.signal });
      if (stop.aborted) resolve();
    });
    const lost = session.closed.then((reason) => ({ reason }));
    const outcome = await Promise.race([lost, stopped]);
    this.retained.detach();
    this.session = undefined;
    ending.abort();
    if (outcome === undefined) {
      await this.sayGoodbye(session, draining);
      this.connected = false;
      return "later";
    }
    this.connected = false;
    await draining;
    return this.lost(outcome.reason, performance.now() - openedAt);
  }

  private lost(reason: unknown, livedMs: number): "later" | number {
    const waitMs = this.takeovers.waitAfter(reason, livedMs);
    const what = `connection to the broker ${this.url} lost`;
    if (waitMs === undefined) {
      this.failed(what, explain(reason));
      return "later";
    }
    this.failed(what, takenOver(this.options.clientId, waitMs));
    return waitMs;
  }

  private listen(session: Session): void {
    if (this.subscriptions.length === 0) return;
    const filters = this.subscriptions.map(({ filter }) => filter);
    session
      .subscribe(filters, (received) => this.handOn(received))
      .catch((thrown: unknown) => {
        const reason = explain(thrown);
        this.logger.warn({ code: "MQTT_REFUSED", reason }, `no commands from the broker ${this.url}: ${reason}`);
      });
  }

  private handOn({ topic, payload, packet }: Received): void {
    const own = `${this.options.topicPrefix}/${this.options.device}/`;
    const { responseTopic, correlationData } = packet.properties ?? {};
    const head = {
      name: topic.startsWith(own) ? topic.slice(own.length) : topic,
      retained: packet.retain,
      ...(responseTopic !== undefined && { responseTopic }),
      ...(correlationData !== undefined && { correlationData }),
    };
    const meant = this.subscriptions.filter(({ filter }) => matches(filter, topic));
    const { maxPayloadBytes } = this.options;
    if (payload.length <= maxPayloadBytes) {
      for (const { onMessage } of meant) onMessage({ ...head, payload });
      return;
    }
    this.logger.warn(
      { topic: head.name, bytes: payload.length, maxPayloadBytes },
      "a message is longer than mqtt.maxPayloadBytes and is not read",
    );
    for (const { onTooLong } of meant) onTooLong?.(head, payload.length);
  }

  private drainInto(session: Session, signal: AbortSignal): Promise<void> {
    const { outbox } = this;
    if (outbox === undefined) return Promise.resolve();
    const publish = ({ event, body }: PendingEvent) =>
      session.publish(this.topic(topicNameOf(event)), event, { retain: false, body });
    const onPublished = (ms: number) => {
      this.published += 1;
      this.latency.add(ms);
    };
    return drain({ outbox, publish, onPublished, pace: this.pace, logger: this.logger }, signal);
  }

  private async sayGoodbye(session: Session, draining: Promise<void>): Promise<void> {
    await atMost(farewellMs, draining);
    await atMost(
      farewellMs,
      session.publish(this.topic("availability"), this.availability("stopped"), { retain: true }),
    );
    await atMost(farewellMs, session.end());
    session.cut();
    await draining;
    this.logger.info({ broker: this.url }, `disconnected from the broker ${this.url}`);
  }

  private notAccepted(reason: unknown): "now" | "later" {
    if (this.version === 5 && isVersionRefusal(reason)) {
      this.version = 4;
      this.logger.info({ broker: this.url }, `the broker ${this.url} does not speak MQTT 5; going on with 3.1.1`);
      return "now";
    }
    // Some brokers of old hang up on MQTT 5 without a word; others hang up because they are starting: try both in turn.
    if (reason instanceof ClosedUnanswered && this.options.protocolVersion === 5)
      this.version = this.version === 5 ? 4 : 5;
    this.takeovers.unreachable();
    this.failed(`no connection to the broker ${this.url}`, explainNone(reason));
    return "later";
  }

  /** Logs a failure once for every new reason; the attempts in between are for whoever debugs. */
  private failed(what: string, reason: string): void {
    const fields = { code: "MQTT_REFUSED", broker: this.url, reason };
    const message = `${what}: ${reason}; trying again`;
    if (reason === this.lastError) this.logger.debug(fields, message);
    else this.logger.warn(fields, message);
    this.lastError = reason;
  }

  private availability(status: Availability["status"]): Availability {
    const at = status === "offline" ? null : new Date().toISOString();
    return { schema: "flinch/availability/1", status, bootId: this.options.bootId, at };
  }

  private topic(name: DeviceTopic | RetainedTopic): string {
    const { topicPrefix, discoveryPrefix, device } = this.options;
    return name === "discovery" ? discoveryTopicOf(discoveryPrefix, device) : topicOf(topicPrefix, device, name);
  }
}
