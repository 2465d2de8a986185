import type { Test } from "tap";
import { isInstalled } from "./brokers.js";
import { fleetLoad, type LoadOptions } from "./fleet-load.js";

const short: LoadOptions = {
  broker: "mosquitto",
  to: "postgres",
  devices: 50,
  rate: 2,
  seconds: 8,
  kills: 1,
  collectors: 1,
  options: [],
  tell: () => undefined,
};

/** Fifty devices for a few seconds, in which each part is killed: all that they published is in the tables, once. */
export async function shortLoad(t: Test, changes: Partial<LoadOptions>): Promise<void> {
  const options = { ...short, ...changes };
  if (!isInstalled(options.broker)) return t.plan(0, `${options.broker} is not installed`);
  const { events, lost, twice, gaps, delaysMs, kills } = await fleetLoad(options);
  t.equal(events, options.devices * options.rate * options.seconds);
  t.same({ lost, twice, gaps }, { lost: 0, twice: 0, gaps: 0 });
  t.equal(kills, options.kills * (options.to === "duckdb" ? 2 : 3));
  t.ok(delaysMs.max > 0 && delaysMs.unknown < events / 2);
}
