import type { Power } from "../../contract/index.js";
import { entriesOf, numberOf, textOf } from "./files.js";

/** Rails that measure all that the module takes: Orin Nano, Orin NX and Xavier NX; the first Nano. */
export const TOTAL_RAILS: readonly string[] = ["VDD_IN", "POM_5V_IN"];
/** Channels that are not connected, and the chip's own sum of shunt voltages. */
const NO_RAIL = /^NC$|shunt/i;

/**
 * The power monitors: hwmon devices `ina3221` with a label, mV and mA a channel (Linux: Documentation/hwmon/ina3221.rst).
 * @param root holds `sys`; "" is the machine's own
 */
export async function readPower(root: string): Promise<Power> {
  const railsW: Record<string, number> = {};
  for (const directory of await entriesOf(`${root}/sys/class/hwmon`, "hwmon")) {
    if ((await textOf(`${directory}/name`)) !== "ina3221") continue;
    for (const label of (await entriesOf(directory, "in")).filter((path) => path.endsWith("_label"))) {
      const name = await textOf(label);
      const milliwatts = await wattsTimes1000(label);
      if (name !== null && !NO_RAIL.test(name) && milliwatts !== null) railsW[name] = milliwatts / 1000;
    }
  }
  return { railsW, totalW: totalOf(railsW) };
}

/** W of the rail that measures everything. */
export function totalOf(railsW: Power["railsW"]): number | null {
  return TOTAL_RAILS.map((rail) => railsW[rail]).find((watts) => watts !== undefined) ?? null;
}

async function wattsTimes1000(label: string): Promise<number | null> {
  const millivolts = await numberOf(label.replace(/_label$/, "_input"));
  const milliamperes = await numberOf(label.replace(/in(\d+)_label$/, "curr$1_input"));
  return millivolts === null || milliamperes === null ? null : Math.round((millivolts * milliamperes) / 1000);
}
