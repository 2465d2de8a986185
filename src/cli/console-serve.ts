import { once } from "node:events";
import { loadConfig } from "../config/index.js";
import { serveHistory } from "../daemon/index.js";
import { createLog } from "../lib/log.js";
import type { CommandContext } from "./command.js";
import { withConsole } from "./run.js";

/** `flinch console serve`: the console over a history, until SIGTERM or SIGINT. */
export async function consoleServe({ line, env, output, signal }: CommandContext): Promise<number> {
  const config = withConsole(loadConfig({ line, env }).config);
  const served = await serveHistory(config, createLog(config.log.level));
  output(`console on ${served.url}`);
  if (!signal.aborted) await once(signal, "abort");
  await served.close();
  return 0;
}
