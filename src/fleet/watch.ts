import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config/index.js";
import { FleetBroker, type FleetBrokerOptions } from "./broker.js";
import { Devices } from "./devices.js";

/** What is retained comes at once: where no further topic has shown up for so long, all are there. */
const QUIET_MS = 700;
const MOST_MS = 15_000;

/** A fleet that is being listened to. */
export interface Watched {
  readonly broker: FleetBroker;
  readonly devices: Devices;
}

/**
 * Listens to a fleet, and gives it when all that the broker keeps of it has come.
 * @throws FlinchError as `FleetBroker.open`; the signal's reason
 */
export async function watchFleet(
  config: Config,
  options: Pick<FleetBrokerOptions, "onConnection"> & { readonly events?: boolean; readonly signal: AbortSignal },
): Promise<Watched> {
  const { events = false, signal, ...rest } = options;
  const devices = new Devices(config.mqtt.topicPrefix);
  const broker = await FleetBroker.open(config, {
    ...rest,
    filters: [...devices.filters, ...(events ? [devices.eventFilter] : [])],
    onMessage: (topic, payload) => devices.take(topic, payload),
  });
  try {
    const began = performance.now();
    const quietMs = () => performance.now() - Math.max(began, devices.newTopicMs);
    while (quietMs() < QUIET_MS && performance.now() - began < MOST_MS) await sleep(50, undefined, { signal });
  } catch (thrown) {
    await broker.close();
    throw thrown;
  }
  return { broker, devices };
}
