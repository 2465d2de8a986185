import type { RetainedTopic } from "./topics.js";

type Publish = (name: RetainedTopic, payload: object) => Promise<void>;

/**
 * The newest payload of every retained topic, sent whenever there is a connection. A slow broker gets the newest
 * again when it has acknowledged the one before: nothing queues up.
 */
export class RetainedPayloads {
  private readonly newest = new Map<RetainedTopic, object>();
  private readonly sending = new Set<RetainedTopic>();
  private publish: Publish | undefined;

  /** @param onRefused is told when the broker acknowledges a payload with a refusal */
  constructor(private readonly onRefused: (name: RetainedTopic, reason: unknown) => void) {}

  set(name: RetainedTopic, payload: object): void {
    this.newest.set(name, payload);
    void this.send(name);
  }

  /** Sends everything over a new connection, in the order in which the topics were first set. */
  attach(publish: Publish): void {
    this.publish = publish;
    this.sending.clear();
    for (const name of this.newest.keys()) void this.send(name);
  }

  detach(): void {
    this.publish = undefined;
  }

  private async send(name: RetainedTopic): Promise<void> {
    const { publish } = this;
    if (publish === undefined || this.sending.has(name)) return;
    this.sending.add(name);
    let sent: object | undefined;
    try {
      while (this.publish === publish && sent !== this.newest.get(name)) {
        sent = this.newest.get(name);
        if (sent !== undefined) await publish(name, sent);
      }
    } catch (thrown) {
      if (this.publish === publish) this.onRefused(name, thrown);
    } finally {
      // A newer connection keeps its own account.
      if (this.publish === publish) this.sending.delete(name);
    }
  }
}
