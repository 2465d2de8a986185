import { outputOf } from "../../lib/run-command.js";

/** The name in what `nvpmodel -q` prints ("NV Power Mode: MAXN_SUPER", then its number); null where it has none. */
export function parsePowerMode(printed: string | undefined): string | null {
  return /^NV Power Mode: *(\S+) *$/m.exec(printed ?? "")?.[1] ?? null;
}

/** The power mode in force; null where there is no nvpmodel, or it does not answer this user. */
export async function readPowerMode(run: typeof outputOf = outputOf): Promise<string | null> {
  return parsePowerMode(await run("nvpmodel", ["-q"]));
}
