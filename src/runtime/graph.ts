import { FlinchError, reasonOf } from "../lib/errors.js";
import { zeros } from "./inputs.js";
import type { Model } from "./manifest.js";
import { env, InferenceSession, type Tensor } from "./onnxruntime.js";
import { type ProviderName, providerChain } from "./providers.js";

// A provider that is not there is reported by `fallBacks`; the library would shout about it in its own words.
env.logLevel = "fatal";

export interface GraphOptions {
  /** Tried in this order; the first that runs the graph is kept. */
  readonly providers: readonly ProviderName[];
  /** Threads inside one operator. */
  readonly threads: number;
  /** Number of the CUDA device. */
  readonly deviceId: number;
  /**
   * What TensorRT runs in the model's place, or why there is none: TensorRT runs nothing but engines made ahead, for
   * from Node it would build one at every start, for minutes, and in full precision.
   */
  readonly engine?: Engine | { readonly reason: string };
  /** Execution providers by name; a test puts others in the place of hardware. */
  readonly chain?: typeof providerChain;
}

/** A graph compiled for this machine's TensorRT. */
export interface Engine {
  /** Names model, machine and precision. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A provider that was asked for and did not work. */
export interface FallBack {
  readonly provider: ProviderName;
  readonly reason: string;
}

/** For graphs so small that a GPU's launches cost more than the work. */
export const CPU_ONLY: GraphOptions = { providers: ["cpu"], threads: 1, deviceId: 0 };

type Feeds = Readonly<Record<string, Tensor>>;

/** An ONNX graph that has run once: a provider that only pretends to work is found out at the start. */
export class Graph {
  private constructor(
    readonly model: Model,
    readonly provider: ProviderName,
    readonly fallBacks: readonly FallBack[],
    /** Shape of each output, as it was on the first run. */
    readonly outputShapes: Readonly<Record<string, readonly number[]>>,
    /** The TensorRT engine that runs in the model's place; undefined where none does. */
    readonly engine: string | undefined,
    private readonly session: InferenceSession,
  ) {}

  /**
   * Opens a model with the first provider that can run it, and warms it up with zeros.
   * @throws FlinchError PROVIDER_UNAVAILABLE when none of `options.providers` can, MODEL_UNUSABLE when it is no graph.
   */
  static async open(model: Model, options: GraphOptions): Promise<Graph> {
    const fallBacks: FallBack[] = [];
    const { chain = providerChain } = options;
    for (const provider of options.providers) {
      try {
        const engine = provider === "tensorrt" ? engineOf(options) : undefined;
        const session = await InferenceSession.create(engine?.bytes ?? model.bytes, {
          executionProviders: chain(provider, options.deviceId),
          intraOpNumThreads: options.threads,
          interOpNumThreads: 1,
          executionMode: "sequential",
          graphOptimizationLevel: "all",
          logSeverityLevel: 4,
          // Threads spin within a run, or waking them costs a fifth of it; between runs the cores belong to others.
          extra: { session: { intra_op: { allow_spinning: "1" }, force_spinning_stop: "1" } },
        });
        const shapes = await outputShapes(session, model);
        return new Graph(model, provider, fallBacks, shapes, engine?.key, session);
      } catch (thrown) {
        fallBacks.push({ provider, reason: reasonOf(thrown) });
      }
    }
    const reasons = fallBacks.map((f) => `${f.provider}: ${f.reason}`).join("; ");
    // The CPU runs every graph: what it refuses is none.
    const refused = options.providers.includes("cpu");
    throw new FlinchError(
      refused ? "MODEL_UNUSABLE" : "PROVIDER_UNAVAILABLE",
      `ONNX Runtime cannot run ${model.path} (${reasons})${refused ? "" : "; add 'cpu' to recognition.providers to fall back"}`,
    );
  }

  /**
   * Runs the graph. The feeds' memory must not change until the promise settles. On the CPU the binding runs it on the
   * event loop (onnxruntime-node 1.30: `run` in a `setImmediate`), so that two graphs of a process take turns.
   */
  async run(feeds: Feeds): Promise<Readonly<Record<string, Tensor>>> {
    return (await this.session.run(feeds as Record<string, Tensor>)) as Record<string, Tensor>;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** Of a first run, on zeros; a session that cannot run is released. */
async function outputShapes(session: InferenceSession, model: Model): Promise<Record<string, readonly number[]>> {
  try {
    const outputs = Object.entries(await session.run(zeros(session, model.entry)));
    return Object.fromEntries(outputs.map(([name, tensor]) => [name, tensor.dims]));
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

function engineOf({ engine }: GraphOptions): Engine {
  if (engine !== undefined && "bytes" in engine) return engine;
  throw new Error(engine?.reason ?? "TensorRT runs engines only, and none was made for this graph");
}

/** The float32 values of an output. */
export function floats(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const tensor = outputs[name];
  if (!(tensor?.data instanceof Float32Array)) throw new FlinchError("MODEL_UNUSABLE", `output '${name}' is missing`);
  return tensor.data;
}
