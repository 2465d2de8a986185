import { loadConfig } from "../config/index.js";
import { FlinchError } from "../lib/errors.js";
import { EngineStore, lookUpEngine, realHardware, warmEngine } from "../runtime/engines/index.js";
import { loadManifest, readModel } from "../runtime/index.js";
import type { CommandContext } from "./command.js";

/**
 * `flinch warm`: builds the TensorRT engine of the recognition model, the one graph that
 * runs on TensorRT, where there is none for this machine. Needs neither source nor broker.
 */
export async function warm({ line, env, output, signal }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const { manifest, model: name, providers, tensorrt: settings } = config.recognition;
  const model = readModel(loadManifest(manifest), name);
  if (!providers.includes("tensorrt")) {
    output("nothing to build: tensorrt is not among recognition.providers");
    return 0;
  }
  const dry = line.switches.has("dry-run");
  const force = line.switches.has("force");
  const found = await lookUpEngine(model, settings, realHardware);
  if (found.status === "none" && !force) throw new FlinchError("ENGINE_BUILD", `no TensorRT engine: ${found.reason}`);
  if (!dry) await warmEngine(model, { settings, signal, force, say: output });
  else if (found.status === "ready" && !force) output(`${found.key}: there already`);
  else output(`${found.status === "none" ? model.entry.name : found.key}: would be built with ${settings.python}`);
  if (line.switches.has("prune"))
    await prune(new EngineStore(settings.engineCacheDirectory), model.entry.sha256, dry, output);
  return 0;
}

/** Removes the engines that cannot run here any more, or whose model is another by now. */
async function prune(store: EngineStore, modelSha256: string, dry: boolean, output: (line: string) => void) {
  const machine = await realHardware.machine();
  for (const { key, record } of await store.list()) {
    const usable =
      record !== undefined &&
      record.sha256 === modelSha256 &&
      Object.entries(machine).every(([fact, value]) => record[fact as keyof typeof record] === value);
    if (usable) continue;
    if (!dry) await store.remove(key);
    output(`${key}: ${dry ? "would be removed" : "removed"}`);
  }
}
