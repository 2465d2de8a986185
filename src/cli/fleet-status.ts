import { setTimeout as sleep } from "node:timers/promises";
import { type Device, watchFleet } from "../fleet/index.js";
import { rowOf, statusTable } from "../fleet/status/index.js";
import type { CommandContext } from "./command.js";
import { fleetConfig } from "./fleet-config.js";

const AGAIN_MS = 2000;
/** Home, and clear to the end of the screen. */
const FRESH_SCREEN = "\u001b[H\u001b[2J";

/**
 * `flinch fleet status`: how every device at a broker is; once, or again and again until it is ended.
 * @returns 0, or 1 where no device is known there
 */
export async function fleetStatus(context: CommandContext): Promise<number> {
  const { line, output, signal } = context;
  const config = fleetConfig(context);
  const [json, again] = [line.switches.has("json"), line.switches.has("watch")];
  let lost: string | undefined;
  const onConnection = (reason: string | undefined) => {
    lost = reason;
  };
  const watched = await watchFleet(config, { signal, onConnection, events: again }).catch((thrown: unknown) => {
    if (signal.aborted) return undefined;
    throw thrown;
  });
  if (watched === undefined) return 1;
  const { broker, devices } = watched;
  try {
    for (;;) {
      const rows = devices.all().map((device: Device) => rowOf(device, Date.now()));
      if (json) output(JSON.stringify(rows));
      else output([...(again && process.stdout.isTTY ? [FRESH_SCREEN] : []), ...statusTable(rows)].join("\n"));
      if (lost !== undefined) process.stderr.write(`flinch: connection to the broker lost: ${lost}; trying again\n`);
      if (!again) return rows.length > 0 ? 0 : 1;
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return 0;
    }
  } finally {
    await broker.close();
  }
}
