import { type Config, loadConfig } from "../../src/config/index.js";
import { type Applier, DesiredConfig, type DesiredConfigOptions, type Stored } from "../../src/config/remote/index.js";
import { Logs } from "./logs.js";

/** Stands for the pipeline: remembers what was applied, and works or not as a test wants it. */
export class Pipe implements Applier {
  readonly applied: Config[] = [];
  /** Asked of every configuration: a reason refuses it. */
  refuses: (config: Config) => string | undefined = () => undefined;
  /** Asked of the configuration in force: whether frames come. */
  works: (config: Config) => boolean | Promise<boolean> = () => true;

  async apply(config: Config): Promise<void> {
    const reason = this.refuses(config);
    if (reason !== undefined) throw new Error(reason);
    this.applied.push(config);
  }

  async proven(): Promise<boolean> {
    const { last } = this;
    return last === undefined ? true : this.works(last);
  }

  get last(): Config | undefined {
    return this.applied.at(-1);
  }
}

/** What a device keeps on disk, as memory that outlives a desiredConfig. */
export class MemoryStore {
  saved: Omit<Stored, "format" | "device"> = { good: {}, trial: null, known: {} };
  refuses: string | undefined;

  async load(): Promise<Stored> {
    return structuredClone({ format: 1, device: "flinch/room-1", ...this.saved });
  }

  async save(stored: Omit<Stored, "format" | "device">): Promise<void> {
    if (this.refuses !== undefined) throw new Error(this.refuses);
    this.saved = structuredClone(stored);
  }
}

/** A configuration of files and arguments, for a device called room-1. */
export const localConfig = (...argv: string[]): Config => loadConfig({ argv: ["--device.id=room-1", ...argv] }).config;

/** A device's desiredConfig, started as the daemon starts it. */
export async function desiredConfigOf(options: Partial<DesiredConfigOptions> & { readonly pipe?: Pipe } = {}) {
  const { pipe = new Pipe(), ...given } = options;
  const store = new MemoryStore();
  const logs = new Logs();
  let reports = 0;
  const local = given.local ?? localConfig();
  const inForce = {
    get current() {
      return pipe.last ?? local;
    },
  };
  const desiredConfig = await DesiredConfig.open({
    local,
    inForce,
    key: undefined,
    store,
    log: logs,
    onReport: () => void reports++,
    ...given,
  });
  desiredConfig.begin(pipe);
  const send = (document: unknown, scope: Parameters<DesiredConfig["receive"]>[0] = "device") =>
    desiredConfig.receive(scope, Buffer.from(typeof document === "string" ? document : JSON.stringify(document)));
  return { desiredConfig, pipe, store, logs, send, reports: () => reports };
}
