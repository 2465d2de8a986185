import { loadConfig } from "../config/index.js";
import { Daemon } from "../daemon.js";
import { FlinchError } from "../errors.js";
import { createLog } from "../ops/log.js";
import type { CommandContext } from "./command.js";

/** `flinch run`: the daemon, until SIGTERM, SIGINT or the end of a file. */
export async function run({ argv, env, signal }: CommandContext): Promise<number> {
  const loaded = loadConfig({ argv, env });
  if (loaded.positionals.length > 0) {
    throw new FlinchError("USAGE", "usage: flinch run [--config FILE] [--KEY=VALUE …]");
  }
  await new Daemon(loaded.config, createLog(loaded.config.log.level), env).run(signal);
  return 0;
}
