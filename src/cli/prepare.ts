import type { Parser } from "../config/command-line.js";

/** Gives a command that takes the configuration its keys, whose schema is loaded for nothing else. */
export async function prepare(command: Parser): Promise<void> {
  if (command.configured) (await import("../config/arguments.js")).addKeys(command);
}
