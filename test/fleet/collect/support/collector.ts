import type { Test } from "tap";
import type { Target } from "../../../../src/fleet/collect/database/index.js";
import { Flinch } from "../../../support/cli.js";
import type { Mosquitto } from "../../../support/mosquitto.js";
import { asOption } from "./databases.js";

/** A `flinch collect` of its own process, which has subscribed. */
export async function startCollector(
  t: Test,
  broker: Pick<Mosquitto, "url">,
  target: Target,
  ...options: readonly string[]
): Promise<Flinch> {
  const soon = ["--mqtt.reconnectMinMs=50", "--mqtt.reconnectMaxMs=200"];
  const args = ["collect", "--broker", broker.url, "--to", asOption(target), "--name", "test", ...soon, ...options];
  const collector = new Flinch(args);
  t.teardown(() => collector.dispose());
  await collector.logged(/^collect: subscribed/);
  return collector;
}
