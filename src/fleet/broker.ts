import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config/index.js";
import { FlinchError } from "../lib/errors.js";
import { redactAddress } from "../lib/redact.js";
import { retryDelays } from "../lib/retry-delays.js";
import {
  explain,
  explainNone,
  isVersionRefusal,
  type LinkOptions,
  linkOptionsOf,
  reasonCodeOf,
  Session,
} from "../mqtt/index.js";

export interface FleetBrokerOptions {
  /** Asked for on every connection. */
  readonly filters: readonly string[];
  readonly onMessage: (topic: string, payload: Buffer) => void;
  /** Called when an established connection breaks, with the reason, and, with undefined, when there is one again. */
  readonly onConnection?: (lost: string | undefined) => void;
}

/**
 * An operator's connection to the broker of a fleet, by the configuration's section `mqtt`. It comes back by itself
 * when it breaks, until it is closed.
 */
export class FleetBroker {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private session: Session | undefined;

  private constructor(
    private readonly link: LinkOptions,
    private readonly options: FleetBrokerOptions,
  ) {}

  /**
   * Connects and subscribes.
   * @throws FlinchError USAGE without a broker's address, MQTT_CONFIG where a password or certificate cannot be read,
   * MQTT_REFUSED where the broker cannot be reached, or does not let this user in or read
   */
  static async open({ mqtt, ...config }: Config, options: FleetBrokerOptions): Promise<FleetBroker> {
    if (mqtt.url === "") throw new FlinchError("USAGE", "no broker is named: --broker mqtt://HOST, or mqtt.url");
    const link = linkOptionsOf({ mqtt, ...config }, "fleet");
    // A name of its own: it pushes out no device, and no other operator.
    const clientId = mqtt.clientId === "" ? `flinch-fleet-${randomBytes(4).toString("hex")}` : mqtt.clientId;
    const broker = new FleetBroker({ ...link, clientId }, options);
    try {
      broker.session = await broker.connect();
    } catch (thrown) {
      if (thrown instanceof FlinchError) throw thrown;
      throw refused(`no connection to the broker ${redactAddress(mqtt.url)}: ${explainNone(thrown)}`);
    }
    broker.running = broker.stay(broker.session);
    return broker;
  }

  get connected(): boolean {
    return this.session !== undefined;
  }

  /**
   * Publishes JSON, retained, and waits for the broker's acknowledgement, over a new connection where one breaks.
   * @throws FlinchError MQTT_REFUSED where the broker does not let this user write there; the signal's reason
   */
  async retain(topic: string, payload: object, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const { session } = this;
      try {
        if (session !== undefined) return await session.publish(topic, payload, { retain: true });
      } catch (thrown) {
        // Without a code of the broker's it is the connection that broke.
        if (reasonCodeOf(thrown) !== undefined) throw refused(`the broker does not take ${topic}: ${explain(thrown)}`);
      }
      await sleep(100, undefined, { signal });
    }
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.session?.end().catch(() => undefined);
    this.session?.cut();
    await this.running;
  }

  /** A new session that has all that was asked for; rejects with what is in the way. */
  private async connect(): Promise<Session> {
    try {
      return await this.connectAs(this.link.protocolVersion);
    } catch (thrown) {
      if (this.link.protocolVersion === 5 && isVersionRefusal(thrown)) return await this.connectAs(4);
      throw thrown;
    }
  }

  private async connectAs(version: 4 | 5): Promise<Session> {
    const session = new Session(this.link, version);
    try {
      await session.opened;
      await session.subscribe(this.options.filters, ({ topic, payload }) => this.options.onMessage(topic, payload));
      return session;
    } catch (thrown) {
      session.cut();
      throw thrown;
    }
  }

  private async stay(first: Session): Promise<void> {
    const { signal } = this.stopping;
    let session = first;
    for (;;) {
      const reason = await session.closed;
      this.session = undefined;
      if (signal.aborted) return;
      this.options.onConnection?.(explain(reason));
      const next = await this.comeBack(signal);
      if (next === undefined) return;
      session = next;
      this.session = next;
      this.options.onConnection?.(undefined);
    }
  }

  private async comeBack(signal: AbortSignal): Promise<Session | undefined> {
    const { reconnectMinMs: minMs, reconnectMaxMs: maxMs } = this.link;
    for (const waitMs of retryDelays({ minMs, maxMs })) {
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
      const session = await this.connect().catch(() => undefined);
      if (session !== undefined && signal.aborted) session.cut();
      else if (session !== undefined) return session;
    }
    return undefined;
  }
}

const refused = (message: string) => new FlinchError("MQTT_REFUSED", message);
