import { setTimeout as sleep } from "node:timers/promises";
import type { Test } from "tap";
import { openDatabase, type Target } from "../../../../src/fleet/collect/database/index.js";
import type { Flinch } from "../../../support/cli.js";
import { Mosquitto } from "../../../support/mosquitto.js";
import { startCollector } from "./collector.js";
import type { Devices } from "./device.js";

const KEEPS = ["allow_anonymous true", "persistence true", "persistence_location DIR/", "max_queued_messages 100000"];

/** A Mosquitto that keeps what it is told to. */
export async function startBroker(t: Test): Promise<Mosquitto> {
  const broker = await Mosquitto.start(KEEPS);
  t.teardown(() => broker.stop());
  return broker;
}

/** "device id" of every event in the tables, in order. */
export async function stored(target: Target): Promise<string[]> {
  const database = await openDatabase(target);
  const rows = await database.query("select device, id from events order by device, id");
  await database.close();
  return rows.map(({ device, id }) => `${String(device)} ${String(id)}`);
}

/** Stops the collector, whose database nobody else can read, and lets others go on until all is there, or too long. */
export async function whenAllIsStored(
  t: Test,
  broker: Mosquitto,
  target: Target,
  devices: Devices,
  first: Flinch,
): Promise<string[]> {
  let collector = first;
  for (let attempt = 0; ; attempt++) {
    await sleep(500);
    collector.kill("SIGTERM");
    t.equal(await collector.ended, 0);
    const ids = await stored(target);
    if (ids.length >= devices.ids.size || attempt === 20) return ids;
    collector = await startCollector(t, broker, target);
  }
}

export const sorted = (ids: Iterable<string>): string[] => [...ids].sort();
