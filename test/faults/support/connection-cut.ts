import type { Test } from "tap";
import { listener, wireTo } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { Publisher } from "./publisher.js";

/** A broker on this machine, of whatever kind. */
export interface AnyBroker {
  readonly name: string;
  readonly port: number;
}

/** The connection breaks again and again in the middle of a stream, each second time with the answers swallowed before. */
export async function connectionCut(
  t: Test,
  { name, port }: AnyBroker,
  { events, cuts }: { events: number; cuts: number },
): Promise<Outcome> {
  const wire = await wireTo(t, port);
  const received = await listener(t, `mqtt://127.0.0.1:${port}`, 4);
  const publisher = await Publisher.start(t, wire.url);
  const each = Math.ceil(events / cuts / 2);
  for (let cut = 0; cut < cuts; cut++) {
    await publisher.connected();
    await publisher.raise(each);
    if (cut % 2 === 1) wire.swallow("answers");
    await publisher.raise(each);
    wire.cut();
  }
  await publisher.settled(received);
  return outcomeOf(`${name}, connection cut ${cuts} times`, publisher.raised, received);
}
