import type { BoardReading } from "../../contract/index.js";
import { Cpu, readGpu } from "./clocks.js";
import { readMemory } from "./memory.js";
import { readPower, totalOf } from "./power.js";
import { readPowerMode } from "./power-mode.js";
import { runTegrastats, type Tegrastats } from "./tegrastats.js";
import { readTemperatures } from "./temperatures.js";
import { readThrottling } from "./throttling.js";

export interface BoardOptions {
  /** Holds `sys` and `proc`; "" is the machine's own. */
  readonly root?: string;
  /** Asked where sysfs leaves a gap. */
  readonly tegrastats?: () => Promise<Tegrastats | null>;
  readonly powerMode?: () => Promise<string | null>;
}

/** After so many readings the power mode is asked for again, and tegrastats where it was missing. */
const SELDOM = 12;

/** Reads sysfs, and tegrastats for what sysfs lacks. Readings never throw. */
export class Board {
  private readonly root: string;
  private readonly cpu: Cpu;
  private powerMode: string | null = null;
  /** Readings so far. */
  private count = 0;
  /** tegrastats did not answer: it is not run for every reading. */
  private silent = false;

  constructor(private readonly options: BoardOptions = {}) {
    this.root = options.root ?? "";
    this.cpu = new Cpu(this.root);
  }

  /** How the board is now; null where nothing but the processor and its memory tells anything. One call at a time. */
  async read(): Promise<BoardReading | null> {
    const { root, options } = this;
    const seldom = this.count++ % SELDOM === 0;
    const [{ zonesC, headroomC }, throttling, cpu, gpu, power, memory] = await Promise.all([
      readTemperatures(root),
      readThrottling(root),
      this.cpu.read(),
      readGpu(root),
      readPower(root),
      readMemory(root),
    ]);
    if (seldom) {
      this.powerMode = await (options.powerMode ?? readPowerMode)();
      this.silent = false;
    }
    const gaps = gpu.load === null || Object.keys(zonesC).length === 0 || Object.keys(power.railsW).length === 0;
    const second = gaps && !this.silent ? await (options.tegrastats ?? runTegrastats)() : null;
    this.silent = gaps && second === null;
    // Zone by zone: one that sysfs cannot read is not taken over from elsewhere under another name.
    const temperaturesC = Object.keys(zonesC).length > 0 ? zonesC : (second?.zonesC ?? {});
    const railsW = Object.keys(power.railsW).length > 0 ? power.railsW : (second?.railsW ?? {});
    const told = Object.values(temperaturesC).filter((celsius) => celsius !== null);
    const reading: BoardReading = {
      temperaturesC,
      hottestC: told.length === 0 ? null : Math.max(...told),
      headroomC,
      ...throttling,
      powerMode: this.powerMode,
      cpu: { hz: cpu.hz ?? second?.cpuHz ?? null, maxHz: cpu.maxHz, load: cpu.load ?? second?.cpuLoad ?? null },
      gpu: { hz: gpu.hz ?? second?.gpuHz ?? null, maxHz: gpu.maxHz, load: gpu.load ?? second?.gpuLoad ?? null },
      railsW,
      totalW: totalOf(railsW),
      memory,
    };
    return tellsSomething(reading) ? reading : null;
  }
}

/** Every Linux has clocks and memory: they alone make no board. */
function tellsSomething({ temperaturesC, throttled, gpu, railsW, powerMode }: BoardReading): boolean {
  return (
    Object.keys(temperaturesC).length > 0 ||
    throttled !== null ||
    gpu.hz !== null ||
    gpu.load !== null ||
    Object.keys(railsW).length > 0 ||
    powerMode !== null
  );
}
