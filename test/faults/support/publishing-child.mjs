// Raises events and publishes them, says each on standard output once the outbox has it, until it is killed. Runs the
// build, without the tests' compiler, so that fifty starts do not take long.
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [build, directory, link, event] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(build, path)).href);
const { SqliteOutbox } = await load("outbox/index.js");
const { MqttLink } = await load("mqtt/index.js");

const say = () => undefined;
const logger = { debug: say, info: say, warn: say, error: say };
const outbox = await SqliteOutbox.open({ directory, maxEvents: 100_000, maxBytes: 100_000_000, logger });
const mqtt = new MqttLink(JSON.parse(link), logger);
mqtt.offerEvents(outbox);
mqtt.start();
for (;;) {
  const raised = await outbox.append((sequence) => ({ ...JSON.parse(event), id: randomUUID(), sequence }));
  writeSync(1, `${JSON.stringify(raised)}\n`);
  await sleep(1);
}
