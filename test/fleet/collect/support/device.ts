import { setTimeout as sleep } from "node:timers/promises";
import { connect, type MqttClient } from "mqtt";
import type { Test } from "tap";
import { event } from "./messages.js";

/** Devices that publish events and keep each until the broker has it, over any number of connections, as Flinch's outbox does. */
export class Devices {
  /** Every id that was published, or is to be. */
  readonly ids = new Set<string>();
  private readonly client: MqttClient;
  private readonly sequences = new Map<string, number>();
  private waiting = 0;

  constructor(t: Test, url: string) {
    // mqtt.js keeps what was not acknowledged in memory, and sends it again.
    this.client = connect(url, { protocolVersion: 4, clientId: "devices", clean: false, reconnectPeriod: 50 });
    this.client.on("error", () => undefined);
    t.teardown(() => this.client.end(true));
  }

  /** How many the broker has not acknowledged. */
  get pending(): number {
    return this.waiting;
  }

  /** Publishes so many events in turn from so many devices, a few milliseconds apart. */
  async publish(count: number, devices = 4, gapMs = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      const device = `device-${i % devices}`;
      const sequence = (this.sequences.get(device) ?? 0) + 1;
      this.sequences.set(device, sequence);
      const said = event(sequence, { device }) as { readonly id: string };
      this.ids.add(`${device} ${said.id}`);
      this.send(`flinch/${device}/event/micro_expression`, said);
      if (gapMs > 0) await sleep(gapMs);
    }
  }

  send(topic: string, said: object, qos: 0 | 1 = 1): void {
    this.waiting += 1;
    this.client.publish(topic, JSON.stringify(said), { qos }, () => {
      this.waiting -= 1;
    });
  }
}
