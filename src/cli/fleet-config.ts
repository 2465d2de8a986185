import { readArguments } from "../config/arguments.js";
import { type Config, loadConfig } from "../config/index.js";
import type { CommandContext } from "./command.js";

/**
 * The configuration of a command that speaks with a fleet: `--broker` in place of `mqtt.url`.
 * @throws FlinchError CONFIG_INVALID, CONFIG_UNREADABLE
 */
export function fleetConfig({ line, env }: Pick<CommandContext, "line" | "env">): Config {
  const broker = line.options.get("broker");
  const named = broker === undefined ? [] : readArguments([`--mqtt.url=${broker}`]).settings;
  return loadConfig({ line: { ...line, settings: [...line.settings, ...named] }, env }).config;
}
