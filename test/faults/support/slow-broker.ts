import type { Test } from "tap";
import { wiredBroker } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { Publisher } from "./publisher.js";

/** Everything to and from the broker takes its time. */
export async function slowBroker(t: Test, { events, delayMs }: { events: number; delayMs: number }): Promise<Outcome> {
  const { wire, received } = await wiredBroker(t);
  wire.delay(delayMs);
  const publisher = await Publisher.start(t, wire.url, { keepaliveS: 30 });
  await publisher.raise(events);
  await publisher.settled(received);
  return outcomeOf(`broker ${2 * delayMs} ms away`, publisher.raised, received);
}
