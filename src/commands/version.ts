import { readFileSync } from "node:fs";
import type { CommandContext } from "./command.js";

/** The version of this package. */
export function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

/** `flinch version`: on one line. */
export async function printVersion({ output }: CommandContext): Promise<number> {
  output(`flinch ${version()}`);
  return 0;
}
