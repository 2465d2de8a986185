import { connect, ErrorWithReasonCode, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { ClosedUnanswered, ClosedUnexplained } from "../../mqtt/closed.js";
import { type ConnectionOptions, connectionOf } from "../../mqtt/link-options.js";

export interface SessionOptions extends ConnectionOptions {
  /** Most messages that the broker sends ahead of their acknowledgement; MQTT 5. */
  readonly window: number;
}

/** How long the broker keeps what comes for a collector that is away. */
const KEPT_S = 30 * 86_400;
const PUBACK = 0x40;

/** Why mqtt.js sends no acknowledgement of its own: it takes this for a failure, and goes on with the next message. */
const later = new Error("acknowledged when it is stored");

function clientOptions(options: SessionOptions): IClientOptions {
  return {
    ...connectionOf(options, options.protocolVersion),
    // The broker remembers what was not acknowledged, over connections and restarts of the collector.
    clean: false,
    resubscribe: false,
    ...(options.protocolVersion === 5 && {
      properties: { sessionExpiryInterval: KEPT_S, receiveMaximum: options.window },
    }),
  };
}

/**
 * One connection to the broker, whose messages are acknowledged when somebody says so. mqtt.js acknowledges one before
 * it reads the next; here many are on their way at once.
 */
export class AcknowledgingSession {
  /** Fulfilled when the broker accepts the connection; rejected with the reason when it does not. */
  readonly opened: Promise<void>;
  /** Fulfilled, with the reason, when there is no connection any more; never rejected. */
  readonly closed: Promise<unknown>;
  private readonly client: MqttClient;
  private failure: unknown;
  private stored: number[] = [];
  /** Messages that were handed on and are not stored. */
  private pending = 0;
  private open = true;

  constructor(options: SessionOptions, onMessage: (topic: string, payload: Buffer, acknowledge: () => void) => void) {
    const client = connect(options.url, clientOptions(options));
    this.client = client;
    client.handleMessage = ({ qos, messageId, topic, payload }: IPublishPacket, callback) => {
      const id = qos === 1 ? messageId : undefined;
      // Nothing holds back a sender of QoS 0, who does not count on delivery either.
      if (id !== undefined || this.pending < options.window) {
        this.pending += 1;
        onMessage(topic, Buffer.from(payload), () => this.acknowledge(id));
      }
      callback(id === undefined ? undefined : later);
    };
    client.on("error", (error) => {
      this.failure ??= error;
    });
    client.on("disconnect", ({ reasonCode: code = 0 }) => {
      if (code !== 0) this.failure ??= new ErrorWithReasonCode(`the broker ended the connection (${code})`, code);
    });
    this.closed = new Promise((resolve) => {
      client.once("close", () => {
        this.open = false;
        client.end(true);
        setImmediate(() => resolve(this.failure ?? new ClosedUnexplained()));
      });
    });
    this.opened = new Promise((resolve, reject) => {
      client.once("connect", () => resolve());
      void this.closed.then(() => reject(this.failure ?? new ClosedUnanswered()));
    });
  }

  /** Asks for what is sent to these topics, at QoS 1. Rejects where the broker grants less. */
  async subscribe(filters: readonly string[]): Promise<void> {
    const granted = await this.client.subscribeAsync([...filters], { qos: 1 });
    const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
    if (refused.length > 0) throw new Error(`the broker does not let this user subscribe to ${refused.join(", ")}`);
  }

  /** Says goodbye; the broker keeps the session. */
  async end(): Promise<void> {
    this.flush();
    await this.client.endAsync(false);
  }

  cut(): void {
    this.client.end(true);
  }

  /** The acknowledgements of a batch go out in one piece. */
  private acknowledge(messageId: number | undefined): void {
    this.pending -= 1;
    if (messageId !== undefined && this.stored.push(messageId) === 1) setImmediate(() => this.flush());
  }

  private flush(): void {
    const ids = this.stored;
    this.stored = [];
    if (!this.open || ids.length === 0) return;
    const bytes = Buffer.alloc(4 * ids.length);
    for (const [i, id] of ids.entries()) bytes.writeUInt32BE(((PUBACK << 24) | (2 << 16) | id) >>> 0, 4 * i);
    this.client.stream.write(bytes);
  }
}
