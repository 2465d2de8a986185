import { checkConfig, loadConfig, printConfig, printConfigSchema, renderConfigDocs } from "../config/index.js";
import type { CommandContext } from "./command.js";

/** `flinch config print`: the configuration in force. */
export async function configPrint({ line, env, output }: CommandContext): Promise<number> {
  output(printConfig(loadConfig({ line, env })));
  return 0;
}

/** `flinch config check`: whether it is valid, and what it sets. */
export async function configCheck({ line, env, output }: CommandContext): Promise<number> {
  output(checkConfig({ line, env }));
  return 0;
}

/** `flinch config schema`: what a configuration file may hold. */
export async function configSchema({ output }: CommandContext): Promise<number> {
  output(printConfigSchema());
  return 0;
}

/** `flinch config docs`: the page docs/configuration.md. */
export async function configDocs({ output }: CommandContext): Promise<number> {
  output(renderConfigDocs().trimEnd());
  return 0;
}
