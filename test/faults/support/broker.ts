import type { Test } from "tap";
import { Mosquitto } from "../../support/mosquitto.js";

/** A Mosquitto that hands every event on before it acknowledges it, however many are on their way. */
export async function startBroker(t: Test): Promise<Mosquitto> {
  const broker = await Mosquitto.start(["allow_anonymous true", "max_inflight_messages 0", "max_queued_messages 0"]);
  t.teardown(() => broker.stop());
  return broker;
}
