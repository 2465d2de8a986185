import type { Memory } from "../../contract/index.js";
import { textOf } from "./files.js";

/** @param root holds `proc`; "" is the machine's own */
export async function readMemory(root: string): Promise<Memory> {
  const text = (await textOf(`${root}/proc/meminfo`)) ?? "";
  const megabytes = (name: string): number | null => {
    const kibibytes = new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text)?.[1];
    return kibibytes === undefined ? null : Math.round((Number(kibibytes) * 1024) / 1_000_000);
  };
  return { totalMb: megabytes("MemTotal"), availableMb: megabytes("MemAvailable") };
}
