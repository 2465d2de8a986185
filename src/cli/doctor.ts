import { createSource } from "../capture/index.js";
import type { Config } from "../config/index.js";
import { loadConfig, requireSource } from "../config/index.js";
import { doctorChecks, renderResults, renderResultsJson, sourceCheck } from "../device/doctor/index.js";
import { evidenceCheck } from "../evidence/index.js";
import { allWell, type Check, runChecks } from "../lib/check.js";
import { reasonOf } from "../lib/errors.js";
import { brokerCheck, linkOptionsOf } from "../mqtt/index.js";
import { type Models, openModels } from "../pipeline/index.js";
import { contentsOf } from "../recognition/index.js";
import { providerChain, providersOfNodes } from "../runtime/index.js";
import type { CommandContext } from "./command.js";

/** `flinch doctor`: is this machine fit to run the configuration? Opens the source for a moment. */
export async function doctor({ line, env, output }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const results = await runChecks(checksOf(config));
  output(line.switches.has("json") ? renderResultsJson(results) : renderResults(results));
  return allWell(results) ? 0 : 1;
}

/** Kinds that can be asked for a rate; the others come as they are. */
const ASKABLE: readonly Config["source"]["kind"][] = ["v4l2", "csi"];

function checksOf(config: Config): Check[] {
  const source = sourceCheck({
    create: () => {
      requireSource(config);
      return createSource({ ...config.source, loop: false });
    },
    frames: 300,
    timeoutMs: 10_000,
    askedFps: ASKABLE.includes(config.source.kind) ? config.source.fps : 0,
  });
  const broker = brokerCheck(() => (config.mqtt.url === "" ? undefined : linkOptionsOf(config, "doctor")));
  return [...doctorChecks(config, { inference: providerCheck(config), source, broker }), ...evidenceCheck(config)];
}

/** Which providers ran how many of the graph's nodes just now: what was asked for is another thing. */
async function nodesOf({ recogniser, engine }: Models, { recognition }: Config): Promise<string> {
  const { graph } = recogniser;
  const bytes = graph.engine !== undefined && engine?.status === "ready" ? engine.bytes : graph.model.bytes;
  const chain = providerChain(graph.provider, recognition.tensorrt.deviceId);
  const counts = await providersOfNodes(bytes, chain, graph.model.entry);
  const told = Object.entries(counts).map(
    ([name, count]) => `${count} nodes on ${name.replace(/ExecutionProvider$/, "")}`,
  );
  return told.join(", ") || "this ONNX Runtime does not tell which nodes ran where";
}

function adviceOf({ engine }: Models): string {
  return engine?.status === "missing"
    ? "build the engine: flinch warm, with the daemon's configuration and as its user"
    : "see docs/tensorrt.md for what TensorRT needs";
}

/** Which execution provider truly runs HSTA here, why not the ones before it, and what events will say. */
function providerCheck(config: Config): Check {
  return {
    name: "inference",
    run: async () => {
      try {
        const models = await openModels(config);
        const { entry, graph } = models.recogniser;
        const { provider, fallBacks, engine } = graph;
        const ran = await nodesOf(models, config);
        await models.close();
        const missed = fallBacks.map((f) => `${f.provider}: ${f.reason}`).join("; ");
        const first = config.recognition.providers[0];
        const says = contentsOf(entry, config.recognition).join(", ") || "that a face moved";
        const events = `events say ${says} (recognition.report ${config.recognition.report}); licence ${entry.licence ?? "not stated"}`;
        const on = `HSTA runs on ${provider}${engine === undefined ? "" : ` with engine ${engine}`} (${ran})`;
        if (provider === first || fallBacks.length === 0) return { status: "ok", detail: `${on}; ${events}` };
        return { status: "warn", detail: `${on}, for ${missed}; ${events}`, advice: adviceOf(models) };
      } catch (thrown) {
        return { status: "fail", detail: reasonOf(thrown) };
      }
    },
  };
}
