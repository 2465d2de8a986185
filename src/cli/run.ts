import { loadConfig } from "../config/index.js";
import { Daemon } from "../daemon/index.js";
import { createLog } from "../lib/log.js";
import type { CommandContext } from "./command.js";

/** `flinch run`: the daemon, until SIGTERM, SIGINT or the end of a file. */
export async function run({ line, env, signal }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  await new Daemon(config, createLog(config.log.level), env).run(signal);
  return 0;
}
