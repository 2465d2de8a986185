import { connect, type Socket } from "node:net";
import { Mqtt } from "./wire.js";

/** How long a device waits before it connects again, in milliseconds; half of it is chance. */
const RECONNECT_MS = 400;

/** What a device tells of itself. */
export interface DeviceListener {
  /** For the first time. */
  connected(): void;
  acknowledged(afterMs: number): void;
  reconnected(): void;
}

/**
 * A device's half of the delivery: an event waits until the broker has acknowledged it, and is sent again with the same
 * bytes on every new connection. MQTT 3.1.1 in so little code that a thousand of them fit into a process.
 */
export class SimulatedDevice {
  private socket: Socket | undefined;
  private connected = false;
  private connections = 0;
  private ended = false;
  /** Message identifier → what waits, in order. */
  private readonly waiting = new Map<number, { readonly packet: Buffer; readonly sinceMs: number }>();
  private lastId = 0;

  constructor(
    private readonly port: number,
    private readonly name: string,
    private readonly listener: DeviceListener,
  ) {
    this.connect();
  }

  /** How many events the broker has not acknowledged. */
  get pending(): number {
    return this.waiting.size;
  }

  publish(topic: string, payload: string): void {
    this.lastId = (this.lastId % 65_535) + 1;
    const packet = Mqtt.publish(topic, payload, this.lastId);
    this.waiting.set(this.lastId, { packet, sinceMs: performance.now() });
    if (this.connected) this.socket?.write(packet);
  }

  end(): void {
    this.ended = true;
    this.socket?.destroy();
  }

  private connect(): void {
    if (this.ended) return;
    const socket = connect(this.port, "127.0.0.1");
    this.socket = socket;
    const mqtt = new Mqtt();
    socket.setNoDelay(true);
    socket.on("connect", () => socket.write(Mqtt.connect(this.name)));
    socket.on("data", (bytes: Buffer) => {
      for (const packet of mqtt.packets(bytes)) this.received(packet, socket);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.connected = false;
      setTimeout(() => this.connect(), RECONNECT_MS * (0.5 + 0.5 * Math.random()));
    });
  }

  private received(packet: Buffer, socket: Socket): void {
    const kind = (packet[0] ?? 0) >> 4;
    if (kind === Mqtt.CONNACK && packet[3] === 0) {
      this.connected = true;
      if (this.connections++ > 0) this.listener.reconnected();
      else this.listener.connected();
      for (const each of this.waiting.values()) socket.write(each.packet);
    }
    if (kind !== Mqtt.PUBACK) return;
    const id = packet.readUInt16BE(2);
    const sent = this.waiting.get(id);
    this.waiting.delete(id);
    if (sent !== undefined) this.listener.acknowledged(performance.now() - sent.sinceMs);
  }
}
