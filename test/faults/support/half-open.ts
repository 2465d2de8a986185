import type { Test } from "tap";
import { wiredBroker } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { Publisher } from "./publisher.js";

/**
 * The connection stays open at both ends and carries nothing any more, or no answers any more: the broker has events
 * then that the device does not know it has.
 */
export async function halfOpen(
  t: Test,
  { events, times, what }: { events: number; times: number; what: "everything" | "answers" },
): Promise<Outcome> {
  const { wire, received } = await wiredBroker(t);
  const publisher = await Publisher.start(t, wire.url);
  const each = Math.ceil(events / times / 2);
  for (let time = 0; time < times; time++) {
    await publisher.connected();
    await publisher.raise(each);
    wire.swallow(what);
    await publisher.raise(each);
    await publisher.disconnected();
  }
  await publisher.settled(received);
  return outcomeOf(`half-open connection, ${times} times, ${what} swallowed`, publisher.raised, received);
}
