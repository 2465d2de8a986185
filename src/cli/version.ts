import { flinchVersion } from "../lib/package-version.js";
import type { CommandContext } from "./command.js";

/** `flinch version`: on one line. */
export async function printVersion({ output }: CommandContext): Promise<number> {
  output(`flinch ${flinchVersion()}`);
  return 0;
}
