import { type Config, loadConfig } from "../config/index.js";
import { Daemon } from "../daemon/index.js";
import { createLog } from "../lib/log.js";
import type { CommandContext } from "./command.js";

/** Where the console listens that `--console` asks for. */
const LISTEN = "127.0.0.1:8321";

/** `flinch run`: the daemon, until SIGTERM, SIGINT or the end of a file. */
export async function run({ line, env, signal }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const wished = line.switches.has("console") ? withConsole(config) : config;
  await new Daemon(wished, createLog(config.log.level), env).run(signal);
  return 0;
}

/** The configuration, with a console on this machine where it names none. */
export const withConsole = (config: Config): Config =>
  config.console.listen === "" ? { ...config, console: { ...config.console, listen: LISTEN } } : config;
