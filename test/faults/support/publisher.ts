import { setTimeout as sleep } from "node:timers/promises";
import type { Test } from "tap";
import { MqttLink } from "../../../src/mqtt/index.js";
import type { LinkOptions } from "../../../src/mqtt/link-options.js";
import type { Outbox } from "../../../src/outbox/index.js";
import { linkOptions } from "../../support/link.js";
import { Logs, until } from "../../support/logs.js";
import { openOutbox } from "../../support/outbox.js";
import type { Received } from "./received.js";
import { uniqueEvent } from "./unique-event.js";

/** However slow the machine is: only a test that would fail anyway waits as long. */
export const patienceMs = 120_000;

/** An outbox and its link to a broker, and what was raised so far. */
export class Publisher {
  readonly raised = new Map<number, string>();

  constructor(
    readonly outbox: Outbox,
    readonly link: MqttLink,
  ) {}

  /** Both stop with the test. */
  static async start(t: Test, url: string, changes: Partial<LinkOptions> = {}, outbox?: Outbox): Promise<Publisher> {
    const events = outbox ?? (await openOutbox(t.testdir()));
    const link = new MqttLink(linkOptions(url, { keepaliveS: 1, ...changes }), new Logs());
    t.teardown(() => events.close());
    t.teardown(() => link.stop());
    link.offerEvents(events);
    link.start();
    return new Publisher(events, link);
  }

  /** Raises events one by one, with time for the network in between. */
  async raise(count: number): Promise<void> {
    for (let done = 0; done < count; done++) {
      const event = await this.outbox.append(uniqueEvent);
      this.raised.set(event.sequence, JSON.stringify(event));
      await sleep(1);
    }
  }

  connected(): Promise<void> {
    return until(() => this.link.status().connected, patienceMs);
  }

  disconnected(): Promise<void> {
    return until(() => !this.link.status().connected, patienceMs);
  }

  /** Waits until the broker has everything and the subscriber as much; what is missing then is lost. */
  async settled(received: Received): Promise<void> {
    await until(() => this.outbox.stats().pending === 0, patienceMs);
    await arrived(this.raised, received);
  }
}

/** Waits until all has arrived; gives up when nothing more has come for a while. */
export async function arrived(raised: ReadonlyMap<number, string>, received: Received): Promise<void> {
  let known = -1;
  while (known !== received.first.size) {
    known = received.first.size;
    await until(() => [...raised.keys()].every((sequence) => received.first.has(sequence)), 5000).catch(
      () => undefined,
    );
  }
}
