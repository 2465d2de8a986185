import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CPU_ONLY, Graph } from "../graph.js";
import type { Model } from "../manifest.js";
import { providersOfNodes } from "../profile.js";
import { providerChain } from "../providers.js";
import { buildError, runBuilder } from "./builder.js";
import { type EngineRecord, engineKey, factsOf, type Precision } from "./engine.js";
import { type EngineMachine, engineMachine, type NoMachine } from "./machine.js";
import { buildOptions, isTyped, type TensorRtSettings } from "./options.js";
import { clipShapeOf, compareEngines } from "./parity.js";
import { EngineStore, sha256 } from "./store.js";

/** What of the machine a test has to stand in for: everything else is real. */
export interface Hardware {
  /** What engines are bound to here. */
  machine(): Promise<EngineMachine | NoMachine>;
  /** Execution providers that open an engine. */
  readonly chain: typeof providerChain;
}

export const realHardware: Hardware = { machine: () => engineMachine(), chain: providerChain };

/** What there is for a model on this machine. */
export type EngineOutcome =
  | { readonly status: "ready"; readonly key: string; readonly bytes: Uint8Array; readonly record: EngineRecord }
  /** Could be built; `key` is that of the first that would be. */
  | { readonly status: "missing"; readonly key: string; readonly reason: string }
  /** Cannot be built here. */
  | { readonly status: "none"; readonly reason: string };

/** Half precision first, where it is wished for; full precision where half was too far from the model. */
const precisions = ({ fp16 }: TensorRtSettings): readonly Precision[] => (fp16 ? ["fp16", "fp32"] : ["fp32"]);

/** The engine to use for a model: the one wished for, or the one in full precision where that was refused. */
export async function lookUpEngine(
  model: Model,
  settings: TensorRtSettings,
  hardware: Hardware = realHardware,
): Promise<EngineOutcome> {
  const machine = await hardware.machine();
  if ("missing" in machine) return { status: "none", reason: machine.missing };
  const store = new EngineStore(settings.engineCacheDirectory);
  for (const precision of precisions(settings)) {
    const key = engineKey(factsOf(model, precision, machine));
    const found = await store.find(key);
    if (found === undefined)
      return { status: "missing", key, reason: `no engine ${key} in ${store.directory}: run 'flinch warm'` };
    if (found.bytes !== undefined) return { status: "ready", key, bytes: found.bytes, record: found.record };
  }
  const reason = `every engine of ${model.entry.name} was too far from its model; see the records in ${store.directory}`;
  return { status: "none", reason };
}

export interface WarmOptions {
  readonly settings: TensorRtSettings;
  readonly signal: AbortSignal;
  readonly hardware?: Hardware;
  /** Builds although there is one, and although one was refused. */
  readonly force?: boolean;
  readonly background?: boolean;
  /** Told what is done, in a line. */
  readonly say?: (line: string) => void;
}

/**
 * Sees to it that a model has an engine: builds it where there is none, and holds it against the model. One in half
 * precision that is too far from it is refused, and one in full precision built in its place.
 * @throws FlinchError ENGINE_BUILD where none can be built, ENGINE_UNWRITABLE; the signal's reason when it aborts
 */
export async function warmEngine(model: Model, options: WarmOptions): Promise<EngineRecord> {
  const { settings, hardware = realHardware, force = false, say } = options;
  const machine = await hardware.machine();
  if ("missing" in machine) throw buildError(machine.missing);
  const store = new EngineStore(settings.engineCacheDirectory);
  for (const precision of precisions(settings)) {
    const key = engineKey(factsOf(model, precision, machine));
    const found = force ? undefined : await store.find(key);
    if (found !== undefined) say?.(`${key}: ${found.record.refused ? "refused before" : "there already"}`);
    const record = found?.record ?? (await build(model, precision, machine, store, options));
    if (!record.refused) return record;
  }
  throw buildError(
    `even in fp32 it says something other than ${model.entry.name}; see the records in ${store.directory}`,
  );
}

async function build(
  model: Model,
  precision: Precision,
  machine: EngineMachine,
  store: EngineStore,
  { settings, signal, hardware = realHardware, background = false, say }: WarmOptions,
): Promise<EngineRecord> {
  const facts = factsOf(model, precision, machine);
  const key = engineKey(facts);
  const workspace = await store.workspace();
  say?.(`${key}: building, which takes minutes`);
  const started = performance.now();
  try {
    const path = await runBuilder({
      python: settings.python,
      model: resolve(model.path),
      workspace,
      options: buildOptions(
        { ...settings, engineCacheDirectory: store.directory },
        precision,
        workspace,
        machine.tensorrt,
      ),
      half: precision === "fp16" && isTyped(machine.tensorrt),
      signal,
      onnxruntime: machine.onnxruntime,
      background,
    });
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const bytes = await readFile(path);
    const { parity, nodes } = await judge(model, bytes, settings, hardware);
    signal.throwIfAborted();
    const refused = !(parity.probability <= parity.bound);
    const record: EngineRecord = {
      schema: "flinch/engine/1",
      key,
      ...facts,
      builtAt: new Date().toISOString(),
      seconds,
      bytes: bytes.length,
      engineSha256: sha256(bytes),
      parity,
      nodes,
      refused,
    };
    await store.install(workspace, record, refused ? undefined : bytes);
    const far = `probabilities within ${parity.probability.toFixed(4)} of the model's (bound ${parity.bound})`;
    say?.(`${key}: ${refused ? "refused" : "built"} in ${seconds} s, ${megabytes(bytes.length)}, ${far}`);
    return record;
  } catch (thrown) {
    await store.discard(workspace);
    throw thrown;
  }
}

/** Runs the engine as the daemon would, and the model in full precision on the CPU beside it. */
async function judge(model: Model, engine: Uint8Array, settings: TensorRtSettings, hardware: Hardware) {
  const nodes = await providersOfNodes(engine, hardware.chain("tensorrt", settings.deviceId), model.entry);
  const reference = await Graph.open(model, CPU_ONLY);
  try {
    const graph = await Graph.open(model, {
      providers: ["tensorrt"],
      threads: 1,
      deviceId: settings.deviceId,
      engine: { bytes: engine, key: "" },
      chain: hardware.chain,
    });
    try {
      return { parity: await compareEngines(graph, reference, clipShapeOf(model.entry)), nodes };
    } finally {
      await graph.close();
    }
  } finally {
    await reference.close();
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
