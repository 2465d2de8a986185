import type { Test } from "tap";
import { wiredBroker } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { Publisher } from "./publisher.js";

const dayMs = 24 * 3600 * 1000;

/** The wall clock jumps to and fro while events wait, and retention runs. */
export async function clockJump(t: Test, { events, jumps }: { events: number; jumps: number }): Promise<Outcome> {
  const { wire, received } = await wiredBroker(t);
  const publisher = await Publisher.start(t, wire.url);
  const now = Date.now.bind(Date);
  const each = Math.ceil(events / jumps / 2);
  for (let jump = 0; jump < jumps; jump++) {
    await publisher.connected();
    await publisher.raise(each);
    wire.refuse();
    wire.cut();
    await publisher.raise(each);
    const byMs = (jump % 2 === 0 ? 400 : -20_000) * dayMs;
    t.intercept(Date, "now", { value: () => now() + byMs });
    await publisher.outbox.expire(dayMs);
    wire.accept();
  }
  await publisher.settled(received);
  return outcomeOf(`wall clock jumped ${jumps} times`, publisher.raised, received);
}
