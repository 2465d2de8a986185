import { join } from "node:path";
import type { Test } from "tap";
import { openOutbox } from "../../support/outbox.js";
import { SmallDisk } from "../../support/small-disk.js";
import { wiredBroker } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { Publisher } from "./publisher.js";

/** The disk fills up while the broker is away, and has room again only after the broker has come back. */
export async function fullDisk(t: Test, { events, times }: { events: number; times: number }) {
  const disk = SmallDisk.mount(t, 600);
  if (disk === undefined) return undefined;
  const { wire, received } = await wiredBroker(t);
  const directory = join(disk.directory, "outbox");
  const outbox = await openOutbox(directory, { retryMs: 50, maxUnwritten: events });
  const publisher = await Publisher.start(t, wire.url, {}, outbox);
  let held = 0;
  for (let time = 0; time < times; time++) {
    await publisher.connected();
    wire.refuse();
    wire.cut();
    await publisher.disconnected();
    await publisher.raise(Math.ceil(events / times / 2));
    disk.fill();
    await publisher.raise(Math.ceil(events / times / 2));
    held = Math.max(held, outbox.stats().unwritten);
    wire.accept();
    await publisher.settled(received);
    disk.free();
  }
  await publisher.link.stop();
  await outbox.close();
  // What a later start still has on disk would be published once more.
  const next = await openOutbox(directory);
  const left = next.stats().pending;
  await next.close();
  const outcome: Outcome = outcomeOf(
    `disk full ${times} times, up to ${held} events in memory`,
    publisher.raised,
    received,
  );
  return { outcome, held, left };
}
