import type { Test } from "tap";
import type { Mosquitto } from "../../support/mosquitto.js";
import { startBroker } from "./broker.js";
import { Received } from "./received.js";
import { Wire } from "./wire.js";

/** A broker, and a subscriber that has everything it says; both end with the test. */
export async function listenedBroker(t: Test): Promise<{ broker: Mosquitto; received: Received }> {
  const broker = await startBroker(t);
  return { broker, received: await listener(t, broker.url) };
}

/** The same with a wire before the broker, for the publisher to be cut off by. */
export async function wiredBroker(t: Test): Promise<{ broker: Mosquitto; wire: Wire; received: Received }> {
  const broker = await startBroker(t);
  const wire = await wireTo(t, broker.port);
  return { broker, wire, received: await listener(t, broker.url) };
}

export async function wireTo(t: Test, port: number): Promise<Wire> {
  const wire = await Wire.to(port);
  t.teardown(() => wire.close());
  return wire;
}

export async function listener(t: Test, url: string, protocolVersion: 4 | 5 = 5): Promise<Received> {
  const received = new Received();
  t.teardown(() => received.close());
  await received.listen(url, protocolVersion);
  return received;
}
