import { connectAsync, type MqttClient } from "mqtt";

/** A subscriber that keeps the first copy of every event and holds later ones against it. */
export class Received {
  /** The payload that came first, by sequence number. */
  readonly first = new Map<number, string>();
  /** Numbers under which something else came later. */
  readonly changed = new Set<number>();
  duplicates = 0;
  private readonly clients: MqttClient[] = [];

  /**
   * Subscribes; what is published from its return on arrives. Once more for a broker that was started again. At QoS 0:
   * an acknowledgement that is written to a broker just killed would cost what lies unread in the socket.
   */
  async listen(url: string, protocolVersion: 4 | 5 = 5): Promise<void> {
    const client = await connectAsync(url, { protocolVersion, reconnectPeriod: 0, keepalive: 60 });
    this.clients.push(client);
    client.on("error", () => undefined);
    client.on("message", (_topic, payload) => this.take(payload.toString("utf8")));
    await client.subscribeAsync("flinch/device/event/#", { qos: 0 });
  }

  close(): void {
    for (const client of this.clients) client.end(true);
  }

  private take(payload: string): void {
    const { sequence } = JSON.parse(payload) as { sequence: number };
    const known = this.first.get(sequence);
    if (known === undefined) {
      this.first.set(sequence, payload);
      return;
    }
    this.duplicates += 1;
    if (known !== payload) this.changed.add(sequence);
  }
}
