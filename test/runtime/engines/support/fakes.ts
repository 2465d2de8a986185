import { createHash } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hardware } from "../../../../src/runtime/engines/index.js";
import type { EngineMachine } from "../../../../src/runtime/engines/machine.js";
import type { TensorRtSettings } from "../../../../src/runtime/engines/options.js";
import type { Model, ModelEntry } from "../../../../src/runtime/manifest.js";
import { shippedEntry } from "../../../support/graphs.js";
import { constantGraph } from "../../../support/onnx.js";

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

const SIDE = 16;

/** A model so small that it costs no time, what an engine might make of it, and what no engine of it may say. */
export function smallModels(directory: string): { readonly model: Model; readonly near: string; readonly far: string } {
  const shipped = shippedEntry("hsta");
  const frames = shipped["frames"] as number;
  const inputs = { frames: [1, frames, SIDE, SIDE, 3], special: [1, 2, SIDE, SIDE, 3] };
  const write = (name: string, shift: number): { readonly path: string; readonly bytes: Buffer } => {
    const values = [0.05, 0.1, 0.05, 0.05, 0.5 - shift, 0.05 + shift, 0.05, 0.15];
    const bytes = constantGraph(inputs, { probabilities: { shape: [1, values.length], values } });
    const path = join(directory, `${name}.onnx`);
    writeFileSync(path, bytes);
    return { path, bytes };
  };
  const { path, bytes } = write("small", 0);
  const { valences: _, actionUnits: __, attention: ___, ...rest } = shipped as Record<string, unknown>;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const entry = { ...rest, file: "small.onnx", name: "small", sha256, bytes: bytes.length, size: SIDE } as ModelEntry;
  const model: Model = { key: "hsta", entry, path, bytes };
  return { model, near: write("near", 0.01).path, far: write("far", 0.03).path };
}

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
const [script, model, options, half] = process.argv.slice(2);
const { trt_fp16_enable, trt_ep_context_file_path } = JSON.parse(options);
appendFileSync(${JSON.stringify(join(directory, "calls"))}, JSON.stringify({ script, model, half: half === "half", options: JSON.parse(options), cwd: process.cwd(), priority: getPriority(), pid: process.pid }) + "\\n");
console.log("onnxruntime " + told.version);
// Half of it is there at once: whoever looks too early sees a file that is not whole.
const writes = trt_fp16_enable === "False" && half !== "half" && told.writesInFull ? told.writesInFull : told.writes;
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
  /** Told to convert the model first. */
  readonly half: boolean;
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
  // What does not end in a newline is still being written.
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Call);
}

export function settings(directory: string, python: string): TensorRtSettings {
  const engineCacheDirectory = join(directory, "engines");
  return { fp16: true, engineCacheDirectory, timingCache: true, workspaceMb: 64, deviceId: 0, python, build: "ahead" };
}
