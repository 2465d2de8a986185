import type { Test } from "tap";
import { until } from "../../support/logs.js";
import { Random } from "../../support/random.js";
import { wiredBroker } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { Publisher, patienceMs } from "./publisher.js";

/**
 * The broker is killed again and again at a random point of a stream, forgets everything each time, and comes back
 * while the stream goes on.
 */
export async function brokerKilled(
  t: Test,
  { events, kills, seed }: { events: number; kills: number; seed: number },
): Promise<Outcome> {
  const random = new Random(seed);
  const { broker, wire, received } = await wiredBroker(t);
  const publisher = await Publisher.start(t, wire.url);
  const each = Math.ceil(events / kills);
  for (let kill = 0; kill < kills; kill++) {
    await publisher.connected();
    const killedAt = publisher.raised.size + 1 + Math.floor((random.uniform() * each) / 2);
    const raising = publisher.raise(each);
    await until(() => publisher.raised.size >= killedAt, patienceMs);
    // A new broker has no subscriber at first, and what it acknowledges then nobody sees: that would be its loss.
    wire.refuse();
    await broker.kill();
    await broker.run();
    await received.listen(broker.url);
    await raising;
    wire.accept();
  }
  await publisher.settled(received);
  return outcomeOf(`broker killed ${kills} times`, publisher.raised, received);
}
