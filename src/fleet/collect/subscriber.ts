import { setTimeout as sleep } from "node:timers/promises";
import { atMost } from "../../lib/at-most.js";
import { FlinchError } from "../../lib/errors.js";
import type { Logger } from "../../lib/logger.js";
import { retryDelays } from "../../lib/retry-delays.js";
import { explain, explainNone, isVersionRefusal } from "../../mqtt/refusal.js";
import { AcknowledgingSession, type SessionOptions } from "./acknowledging-session.js";
import { inPartition, type Partition } from "./partition.js";
import { Stamps } from "./stamps.js";
import type { Taken } from "./writer.js";

export interface SubscriberOptions extends SessionOptions {
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  readonly topicPrefix: string;
  /** Those who share the events, by MQTT 5; nobody does, where it is missing. */
  readonly group: string | undefined;
  /** The devices that are this collector's; all, where it is missing. */
  readonly partition: Partition | undefined;
}

const FAREWELL_MS = 2000;

/** What a collector asks the broker for. A shared subscription gets nothing that is retained. */
export function filtersOf({ topicPrefix, group }: Pick<SubscriberOptions, "topicPrefix" | "group">): string[] {
  const events = `${topicPrefix}/+/event/#`;
  const shared = group === undefined ? events : `$share/${group}/${events}`;
  return [shared, ...["availability", "info", "state"].map((name) => `${topicPrefix}/+/${name}`)];
}

/** Holds a connection to the broker, and hands on what comes. */
export class Subscriber {
  private readonly stamps = new Stamps();
  private stopping = false;

  constructor(
    private readonly options: SubscriberOptions,
    private readonly take: (taken: Taken) => void,
    private readonly logger: Logger,
  ) {}

  /**
   * Connects again and again until `stop`; then reads no more, and `stored` may be waited for before the goodbye.
   * @throws FlinchError MQTT_REFUSED where the broker does not speak the version of MQTT
   */
  async run(stop: AbortSignal, stored: Promise<void>): Promise<void> {
    const { reconnectMinMs: minMs, reconnectMaxMs: maxMs, url } = this.options;
    let waits = retryDelays({ minMs, maxMs });
    let said: string | undefined;
    stop.addEventListener("abort", () => (this.stopping = true), { once: true });
    const onOpen = () => {
      waits = retryDelays({ minMs, maxMs });
      said = undefined;
    };
    while (!stop.aborted) {
      const ending = new AbortController();
      const stopped = new Promise<void>((resolve) => {
        stop.addEventListener("abort", () => resolve(), { once: true, signal: ending.signal });
      });
      const reason = await this.connectOnce(stop, stopped, onOpen).finally(() => ending.abort());
      if (reason instanceof AcknowledgingSession) return this.goodbye(reason, stored);
      if (reason !== said)
        this.logger.warn({ broker: url, reason }, `collect: no connection to the broker ${url}: ${reason}`);
      said = reason;
      await sleep(waits.next().value, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** One connection, from the attempt to its end; returns why it ended, or the session where we are to end it. */
  private async connectOnce(
    stop: AbortSignal,
    stopped: Promise<void>,
    onOpen: () => void,
  ): Promise<string | AcknowledgingSession> {
    let session: AcknowledgingSession;
    try {
      session = new AcknowledgingSession(this.options, (...message) => this.received(...message));
    } catch (thrown) {
      return explain(thrown);
    }
    try {
      await Promise.race([session.opened, stopped]);
      if (!stop.aborted) await session.subscribe(filtersOf(this.options));
    } catch (thrown) {
      session.cut();
      if (isVersionRefusal(thrown)) throw this.wrongVersion();
      return explainNone(thrown);
    }
    if (stop.aborted) return session;
    onOpen();
    const { url, clientId, protocolVersion } = this.options;
    const protocol = protocolVersion === 5 ? "5" : "3.1.1";
    this.logger.info({ broker: url, clientId, protocol }, `collect: subscribed at the broker ${url}`);
    const lost = await Promise.race([session.closed.then((reason) => ({ reason })), stopped]);
    return lost === undefined ? session : explain(lost.reason);
  }

  /** Ends the connection when what was read is stored and acknowledged. */
  private async goodbye(session: AcknowledgingSession, stored: Promise<void>): Promise<void> {
    await stored.catch(() => undefined);
    await atMost(FAREWELL_MS, session.end());
    session.cut();
  }

  private received(topic: string, payload: Buffer, acknowledge: () => void): void {
    // The broker has it still, and sends it again.
    if (this.stopping) return;
    const { partition, topicPrefix } = this.options;
    const device = topic.slice(topicPrefix.length + 1).split("/", 1)[0] ?? "";
    if (partition !== undefined && !inPartition(device, partition)) acknowledge();
    else this.take({ message: { topic, payload, receivedAt: this.stamps.next() }, acknowledge });
  }

  private wrongVersion(): FlinchError {
    const { url, protocolVersion } = this.options;
    const advice =
      protocolVersion === 5
        ? "use --protocol 4, with --partition I/N where several collectors share the load"
        : "use --protocol 5";
    return new FlinchError(
      "MQTT_REFUSED",
      `the broker ${url} does not speak MQTT ${protocolVersion === 5 ? "5" : "3.1.1"}; ${advice}`,
    );
  }
}
