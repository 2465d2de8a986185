import { connect, ErrorWithReasonCode, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { ClosedUnanswered, ClosedUnexplained } from "./closed.js";
import { connectionOf, type LinkOptions } from "./link-options.js";
import { messageProperties } from "./properties.js";

/** What the broker publishes when the connection breaks. */
export interface Will {
  readonly topic: string;
  readonly payload: object;
}

interface PublishOptions {
  readonly retain: boolean;
  /** Of the request that is answered, MQTT 5. */
  readonly correlationData?: Buffer | undefined;
  /** The payload as JSON, where it has been made already. */
  readonly body?: string;
}

function clientOptions(options: LinkOptions, version: 4 | 5, will: Will | undefined): IClientOptions {
  return {
    ...connectionOf(options, version),
    // The outbox on disk remembers what the broker has not acknowledged: neither the client's memory nor a session at
    // the broker adds anything, and a client that reconnects by itself would publish from both.
    clean: true,
    queueQoSZero: false,
    ...(will !== undefined && {
      will: {
        topic: will.topic,
        payload: Buffer.from(JSON.stringify(will.payload)),
        qos: 1,
        retain: true,
        ...(version === 5 && { properties: messageProperties(options.device, will.payload) }),
      },
    }),
  };
}

/** A message as the client hands it on. */
export interface Received {
  readonly topic: string;
  readonly payload: Buffer;
  readonly packet: Pick<IPublishPacket, "retain" | "properties">;
}

/**
 * One connection to the broker, from the attempt to its end. Never comes back: the next connection is a new session.
 * Made anew it throws where a password or certificate cannot be read, or is none.
 */
export class Session {
  /** Settles once: fulfilled when the broker accepts the connection, rejected with the reason when it does not. */
  readonly opened: Promise<void>;
  /** Fulfilled, with the reason, when there is no connection any more; never rejected. */
  readonly closed: Promise<unknown>;
  private readonly client: MqttClient;
  private failure: unknown;

  constructor(
    private readonly options: LinkOptions,
    private readonly version: 4 | 5,
    will?: Will,
  ) {
    const client = connect(options.url, clientOptions(options, version, will));
    this.client = client;
    client.on("error", (error) => {
      this.failure ??= error;
    });
    client.on("disconnect", (packet) => {
      const code = packet.reasonCode ?? 0;
      if (code !== 0)
        this.failure ??= new ErrorWithReasonCode(`the broker ended the connection (reason code ${code})`, code);
    });
    this.closed = new Promise((resolve) => {
      client.once("close", () => {
        // Rejects the publishes in flight and frees the client's timers.
        client.end(true);
        // An error may follow the close that it caused.
        setImmediate(() => resolve(this.failure ?? new ClosedUnexplained()));
      });
    });
    this.opened = new Promise((resolve, reject) => {
      client.once("connect", () => resolve());
      void this.closed.then(() => reject(this.failure ?? new ClosedUnanswered()));
    });
  }

  /** Publishes JSON at QoS 1 and waits for the broker's acknowledgement. Rejects when refused or the connection ends. */
  async publish(
    topic: string,
    payload: object,
    { retain, correlationData, body = JSON.stringify(payload) }: PublishOptions,
  ): Promise<void> {
    const properties = {
      ...messageProperties(this.options.device, payload),
      ...(correlationData !== undefined && { correlationData }),
    };
    await this.client.publishAsync(topic, body, {
      qos: 1,
      retain,
      ...(this.version === 5 && { properties }),
    });
  }

  /**
   * Asks for what is sent to these topics, at QoS 1. Rejects when the connection ends, or when the broker grants less
   * than all of it; a topic may be refused for want of permission.
   */
  async subscribe(filters: readonly string[], onMessage: (received: Received) => void): Promise<void> {
    // Before the broker is asked: what is retained there comes with its answer.
    this.client.on("message", (topic, payload, packet) => onMessage({ topic, payload, packet }));
    // As published: otherwise the first delivery of a retained message looks like one that is not (MQTT 5 alone).
    const granted = await this.client.subscribeAsync([...filters], { qos: 1, rap: true });
    const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
    if (refused.length > 0) throw new Error(`the broker does not let this user subscribe to ${refused.join(", ")}`);
  }

  /** Says goodbye, so that the broker does not publish the last will. */
  async end(): Promise<void> {
    await this.client.endAsync(false);
  }

  /** Cuts the connection; the broker publishes the last will. */
  cut(): void {
    this.client.end(true);
  }
}
