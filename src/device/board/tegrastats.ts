import { spawn } from "node:child_process";
import { shortNameOf } from "./temperatures.js";

/** What one line of tegrastats says; what it does not say is null, or not there. */
export interface Tegrastats {
  readonly zonesC: Readonly<Record<string, number | null>>;
  /** 0…1, mean of the cores that are on. */
  readonly cpuLoad: number | null;
  readonly cpuHz: number | null;
  readonly gpuLoad: number | null;
  readonly gpuHz: number | null;
  readonly railsW: Readonly<Record<string, number>>;
}

const SWITCHED_OFF_C = -256;
const TIMEOUT_MS = 5000;

/**
 * Reads a line as NVIDIA's guide describes it ("tegrastats Utility", L4T 35.6 and 36.4): fields come and go with the
 * module and the release. Null for a line that is none of tegrastats'.
 */
export function parseTegrastats(line: string): Tegrastats | null {
  const cores = /\bCPU \[([^\]]*)\]/.exec(line)?.[1];
  if (cores === undefined || !/\bRAM \d+\/\d+MB\b/.test(line)) return null;
  const on = [...cores.matchAll(/(\d+)%@(\d+)/g)].map(([, load, mhz]) => ({ load: Number(load), mhz: Number(mhz) }));
  const gpu = /\bGR3D_FREQ (\d+)%(?:@\[?(\d+))?/.exec(line);
  const zones = [...line.matchAll(/(?:^| )([A-Za-z][A-Za-z0-9_-]*)@(-?\d+(?:\.\d+)?)C\b/g)];
  const rails = [...line.matchAll(/(?:^| )([A-Z][A-Z0-9_]*) (\d+)mW\/\d+mW/g)];
  return {
    zonesC: Object.fromEntries(
      zones
        .filter(([, name = ""]) => !/^pmic/i.test(name))
        .map(([, name = "", celsius]) => [
          shortNameOf(name),
          Number(celsius) <= SWITCHED_OFF_C ? null : Number(celsius),
        ]),
    ),
    cpuLoad: on.length === 0 ? null : on.reduce((sum, { load }) => sum + load, 0) / on.length / 100,
    cpuHz: on.length === 0 ? null : Math.max(...on.map(({ mhz }) => mhz)) * 1_000_000,
    gpuLoad: gpu === null ? null : Number(gpu[1]) / 100,
    // JetPack 6 has a list of clusters, 0 for one that sleeps; some releases leave the clock out.
    gpuHz: gpu?.[2] === undefined ? null : Number(gpu[2]) * 1_000_000,
    railsW: Object.fromEntries(
      rails.filter(([, name]) => name !== "NC").map(([, name = "", milliwatts]) => [name, Number(milliwatts) / 1000]),
    ),
  };
}

/** Runs tegrastats for one line; null where there is none, it fails, or it says nothing within five seconds. */
export function runTegrastats(program = "tegrastats"): Promise<Tegrastats | null> {
  return new Promise((resolve) => {
    const child = spawn(program, ["--interval", "200"], { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    const finish = (): void => {
      clearTimeout(timer);
      child.kill();
      resolve(parseTegrastats(text.split("\n", 1)[0] ?? ""));
    };
    const timer = setTimeout(finish, TIMEOUT_MS);
    child.on("error", finish);
    child.on("close", finish);
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) finish();
    });
  });
}
