import type { Test } from "tap";
import { startBroker } from "./broker.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { Publisher } from "./publisher.js";
import { Received } from "./received.js";
import { Wire } from "./wire.js";

/** Everything to and from the broker takes its time. */
export async function slowBroker(t: Test, { events, delayMs }: { events: number; delayMs: number }): Promise<Outcome> {
  const broker = await startBroker(t);
  const wire = await Wire.to(broker.port);
  t.teardown(() => wire.close());
  wire.delay(delayMs);
  const received = new Received();
  t.teardown(() => received.close());
  await received.listen(broker.url);
  const publisher = await Publisher.start(t, wire.url, { keepaliveS: 30 });
  await publisher.raise(events);
  await publisher.settled(received);
  return outcomeOf(`broker ${2 * delayMs} ms away`, publisher.raised, received);
}
