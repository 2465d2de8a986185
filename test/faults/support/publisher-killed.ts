import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Test } from "tap";
import type { MicroExpressionEvent } from "../../../src/contract/event.js";
import { sampleEvent } from "../../support/event.js";
import { linkOptions } from "../../support/link.js";
import { openOutbox } from "../../support/outbox.js";
import { Random } from "../../support/random.js";
import { listenedBroker } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { arrived, Publisher } from "./publisher.js";

const script = "test/faults/support/publishing-child.mjs";

/** The process that raises and publishes is killed at a random point and started anew, again and again. */
export async function publisherKilled(t: Test, { kills, seed }: { kills: number; seed: number }): Promise<Outcome> {
  const random = new Random(seed);
  const { broker, received } = await listenedBroker(t);
  const directory = t.testdir();
  const raised = new Map<number, string>();
  const link = JSON.stringify(linkOptions(broker.url, { clientId: "publishing-child" }));
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [script, "dist", directory, link, JSON.stringify(sampleEvent())], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const closed = once(child, "close");
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      const { sequence } = JSON.parse(line) as MicroExpressionEvent;
      // A number that is given twice stands out as a payload that differs.
      raised.set(sequence, raised.get(sequence) ?? line);
      if (raised.get(sequence) !== line) received.changed.add(sequence);
    });
    // Sometimes at its very first event, mostly in the middle of publishing.
    await once(lines, "line");
    await sleep(random.uniform() ** 2 * 400);
    child.kill("SIGKILL");
    await closed;
  }
  // What the last one left is for the next start to deliver.
  const publisher = await Publisher.start(t, broker.url, {}, await openOutbox(directory));
  await publisher.settled(received);
  await arrived(raised, received);
  return outcomeOf(`publisher killed ${kills} times`, raised, received);
}
