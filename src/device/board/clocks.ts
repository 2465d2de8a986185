import type { Clock } from "../../contract/index.js";
import { entriesOf, numberOf, textOf } from "./files.js";

/** Names that the integrated GPU of a Jetson has had: Orin's ga10b (JetPack 6: gpu), Xavier's gv11b, TX2's gp10b. */
const GPU = /(^|\.)(gpu|ga10b|gv11b|gp10b)$|^gpu-gpc-\d+$/;
/** Where the GPU's load stands, in thousandths, if not beside its clock. */
const GPU_LOADS = ["sys/devices/gpu.0/load", "sys/devices/platform/gpu.0/load"];
const FULL = 1000;

/** @param root holds `sys`; "" is the machine's own */
export async function readGpu(root: string): Promise<Clock> {
  const clocks = (await entriesOf(`${root}/sys/class/devfreq`)).filter((path) => GPU.test(path.replace(/^.*\//, "")));
  const [clock] = clocks;
  const loads = [...clocks.map((path) => `${path}/device/load`), ...GPU_LOADS.map((path) => `${root}/${path}`)];
  const told = await Promise.all(loads.map(numberOf));
  const load = told.find((value) => value !== null && value >= 0 && value <= FULL) ?? null;
  return {
    hz: clock === undefined ? null : await numberOf(`${clock}/cur_freq`),
    maxHz: clock === undefined ? null : await numberOf(`${clock}/max_freq`),
    load: load === null ? null : load / FULL,
  };
}

/** Reads the processor; its load is that since the reading before, so that the first has none. */
export class Cpu {
  private before: { readonly busy: number; readonly all: number } | undefined;

  /** @param root holds `sys` and `proc`; "" is the machine's own */
  constructor(private readonly root: string) {}

  async read(): Promise<Clock> {
    const cores = (await entriesOf(`${this.root}/sys/devices/system/cpu`, "cpu")).filter((path) =>
      /cpu\d+$/.test(path),
    );
    const [hz, maxHz] = await Promise.all([
      fastest(cores.map((core) => `${core}/cpufreq/scaling_cur_freq`)),
      fastest(cores.map((core) => `${core}/cpufreq/scaling_max_freq`)),
    ]);
    return { hz, maxHz, load: await this.load() };
  }

  /** The first line of /proc/stat counts ticks: user, nice, system, idle, iowait, irq, softirq, steal. */
  private async load(): Promise<number | null> {
    const line = (await textOf(`${this.root}/proc/stat`))?.split("\n", 1)[0] ?? "";
    const ticks = /^cpu +((?:\d+ ?)+)$/.exec(line)?.[1]?.trim().split(" ").slice(0, 8).map(Number);
    if (ticks === undefined) return null;
    const all = ticks.reduce((sum, each) => sum + each, 0);
    const busy = all - (ticks[3] ?? 0) - (ticks[4] ?? 0);
    const { before } = this;
    this.before = { busy, all };
    return before === undefined || all <= before.all ? null : (busy - before.busy) / (all - before.all);
  }
}

/** The highest of the frequencies that files hold in kHz, in Hz. */
async function fastest(paths: readonly string[]): Promise<number | null> {
  const told = (await Promise.all(paths.map(numberOf))).filter((kilohertz) => kilohertz !== null);
  return told.length === 0 ? null : Math.max(...told) * 1000;
}
