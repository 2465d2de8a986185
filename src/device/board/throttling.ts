import type { Throttling } from "../../contract/index.js";
import { entriesOf, numberOf, textOf } from "./files.js";

/**
 * Cooling devices whose state above 0 means slower clocks: NVIDIA's alerts (Orin: `cpu-throttle-alert`,
 * `hot-surface-alert`, …; Xavier: `cpu-balanced`, …) and the framework's caps on frequencies. Fans are none of them.
 */
const SLOWS_DOWN = /-(throttle-alert|surface-alert|balanced)$|^(thermal-)?(cpufreq|devfreq)-|^tegra-heavy$/;

/** @param root holds `sys`; "" is the machine's own */
export async function readThrottling(root: string): Promise<Throttling> {
  const devices = await Promise.all(
    (await entriesOf(`${root}/sys/class/thermal`, "cooling_device")).map(async (directory) => ({
      type: (await textOf(`${directory}/type`)) ?? "",
      state: await numberOf(`${directory}/cur_state`),
    })),
  );
  const telling = devices.filter(({ type, state }) => SLOWS_DOWN.test(type) && state !== null);
  const active = telling.filter(({ state }) => (state ?? 0) > 0).map(({ type }) => type);
  return {
    throttled: telling.length === 0 ? null : active.length > 0,
    throttledBy: [...new Set(active)].sort(),
    overCurrentEvents: await overCurrentEvents(root),
  };
}

/** The counters of the hwmon device `soctherm_oc` (NVIDIA's guide, "Over-current throttling"). */
async function overCurrentEvents(root: string): Promise<number | null> {
  for (const directory of await entriesOf(`${root}/sys/class/hwmon`, "hwmon")) {
    if ((await textOf(`${directory}/name`)) !== "soctherm_oc") continue;
    const counters = (await entriesOf(directory, "oc")).filter((path) => /\/oc\d+_event_cnt$/.test(path));
    const counts = (await Promise.all(counters.map(numberOf))).filter((count) => count !== null);
    if (counts.length > 0) return counts.reduce((sum, count) => sum + count, 0);
  }
  return null;
}
