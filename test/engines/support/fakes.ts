import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Hardware } from "../../../src/engines/index.js";
import type { EngineMachine } from "../../../src/engines/machine.js";
import type { TensorRtSettings } from "../../../src/engines/options.js";

const { version } = JSON.parse(readFileSync("node_modules/onnxruntime-node/package.json", "utf8")) as {
  version: string;
};

/** A module that is not here. */
export const machine: EngineMachine = {
  tensorrt: "10.3.0.30",
  module: "NVIDIA Jetson Orin Nano Developer Kit",
  gpu: "sm87",
  onnxruntime: version,
};

/** Stands in for GPU and TensorRT: what TensorRT would run runs on the CPU. */
export const hardware: Hardware = { machine: async () => machine, chain: () => ["cpu"] };

/** The shipped graph in half precision: what TensorRT would make of the full one, as far as a CPU can tell. */
export const HALF = resolve("models/hsta-tiny-112-fp16.onnx");

/** Other weights, so other answers. */
export const OTHER = resolve("models/hsta-tiny-112-research.onnx");

export interface Builder {
  /** What it writes as the engine; nothing where this is missing. */
  readonly writes?: string;
  /** What it writes when half precision is not wished for. */
  readonly writesInFull?: string;
  readonly sleepMs?: number;
  readonly exit?: number;
  readonly says?: string;
  readonly version?: string;
}

/** Writes an executable in the place of Python: it takes build_engine.py's arguments and does as told. */
export function fakeBuilder(directory: string, told: Builder): string {
  const path = join(directory, "python");
  writeFileSync(
    path,
    `#!${process.execPath}
const { appendFileSync, copyFileSync, writeFileSync } = require("node:fs");
const { getPriority } = require("node:os");
const told = ${JSON.stringify({ version, exit: 0, sleepMs: 0, ...told })};
const [script, model, options] = process.argv.slice(2);
const { trt_fp16_enable, trt_ep_context_file_path } = JSON.parse(options);
appendFileSync(${JSON.stringify(join(directory, "calls"))}, JSON.stringify({ script, model, options: JSON.parse(options), cwd: process.cwd(), priority: getPriority(), pid: process.pid }) + "\\n");
console.log("onnxruntime " + told.version);
// Half of it is there at once: whoever looks too early sees a file that is not whole.
const writes = trt_fp16_enable === "False" && told.writesInFull ? told.writesInFull : told.writes;
if (writes) writeFileSync(trt_ep_context_file_path + "/model_ctx.onnx", "half");
setTimeout(() => {
  if (writes) copyFileSync(writes, trt_ep_context_file_path + "/model_ctx.onnx");
  if (told.says) console.error(told.says);
  process.exit(told.exit);
}, told.sleepMs);
`,
  );
  chmodSync(path, 0o755);
  return path;
}

export interface Call {
  readonly script: string;
  readonly model: string;
  readonly options: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly priority: number;
  readonly pid: number;
}

/** How a fake builder was called, in order. */
export function calls(directory: string): Call[] {
  let text: string;
  try {
    text = readFileSync(join(directory, "calls"), "utf8");
  } catch {
    return [];
  }
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Call);
}

export function settings(directory: string, python: string): TensorRtSettings {
  const engineCacheDirectory = join(directory, "engines");
  return { fp16: true, engineCacheDirectory, timingCache: true, workspaceMb: 64, deviceId: 0, python, build: "ahead" };
}
