import { connectAsync, type MqttClient } from "mqtt";
import type { MicroExpressionEvent } from "../contract/index.js";
import { type Arrival, arrivalOf } from "./arrival.js";

const EVENTS = "flinch/+/event/micro_expression";

/** Subscribes to every device's events as any consumer would; `onEvent` gets each event once. */
export async function subscribe(port: number, onEvent: (arrival: Arrival) => void): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, reconnectPeriod: 0 });
  const seen = new Set<string>();
  client.on("message", (_topic, payload) => {
    const now = Date.now();
    const event = JSON.parse(payload.toString()) as MicroExpressionEvent;
    // The outbox promises at least once, so one id may come twice.
    if (seen.has(event.id)) return;
    seen.add(event.id);
    onEvent(arrivalOf(event, now));
  });
  client.on("error", () => {}); // the end of the daemon, which carries the broker, tells all there is to tell
  await client.subscribeAsync(EVENTS, { qos: 1 });
  return client;
}
