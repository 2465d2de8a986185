import { createHash } from "node:crypto";
import type { Model } from "../manifest.js";
import type { EngineMachine } from "./machine.js";
import type { Parity } from "./parity.js";

export type Precision = "fp16" | "fp32";

/** All that an engine depends on. Where one of these differs it is another engine. */
export interface EngineFacts extends EngineMachine {
  readonly model: string;
  /** Hash of the model's ONNX file. */
  readonly sha256: string;
  readonly precision: Precision;
}

/** `record.json` beside an engine: what it is, how it came about and how near it is to its model. */
export interface EngineRecord extends EngineFacts {
  readonly schema: "flinch/engine/1";
  readonly key: string;
  /** Wall clock, ISO 8601. */
  readonly builtAt: string;
  /** Seconds that the build took. */
  readonly seconds: number;
  /** Size and hash of `engine.onnx`. */
  readonly bytes: number;
  readonly engineSha256: string;
  /** What it says against what the model says in fp32 on the CPU. */
  readonly parity: Parity;
  /** Nodes of the engine's graph by the execution provider that ran them. */
  readonly nodes: Readonly<Record<string, number>>;
  /** True where the engine is too far from its model: it is not kept, and not tried again. */
  readonly refused: boolean;
}

export function factsOf(model: Model, precision: Precision, machine: EngineMachine): EngineFacts {
  return { model: model.entry.name, sha256: model.entry.sha256, precision, ...machine };
}

/** Name of an engine's folder: for a person to read, and with a hash over every fact. */
export function engineKey(facts: EngineFacts): string {
  const { model, sha256, precision, tensorrt, module, gpu, onnxruntime } = facts;
  const hash = createHash("sha256")
    .update(JSON.stringify([sha256, precision, tensorrt, module, gpu, onnxruntime]))
    .digest("hex");
  const readable = [model, `trt${tensorrt}`, gpu, precision].join("-").replaceAll(/[^\w.-]+/g, "_");
  return `${readable}-${hash.slice(0, 12)}`;
}
