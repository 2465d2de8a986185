import { openModels } from "../assemble.js";
import { createSource } from "../capture/source.js";
import type { Config } from "../config/index.js";
import { loadConfig, requireSource } from "../config/index.js";
import { reasonOf } from "../errors.js";
import { allWell, type Check, runChecks } from "../ops/doctor/check.js";
import { doctorChecks } from "../ops/doctor/checks.js";
import { renderResults, renderResultsJson } from "../ops/doctor/render.js";
import { sourceCheck } from "../ops/doctor/source.js";
import { contentsOf } from "../recognition/heads.js";
import type { CommandContext } from "./command.js";

/** `flinch doctor [--json]`: is this machine fit to run the configuration? Opens the source for a moment. */
export async function doctor({ argv, env, output }: CommandContext): Promise<number> {
  const { config, switches } = loadConfig({ argv, env, switches: ["json"] });
  const results = await runChecks(checksOf(config));
  output(switches.has("json") ? renderResultsJson(results) : renderResults(results));
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
  return doctorChecks(config, { inference: providerCheck(config), source });
}

/** Which execution provider truly runs HSTA here, why not the ones before it, and what events will say. */
function providerCheck(config: Config): Check {
  return {
    name: "inference",
    run: async () => {
      try {
        const models = await openModels(config);
        const { entry, graph } = models.recogniser;
        const { provider, fallBacks } = graph;
        await models.close();
        const missed = fallBacks.map((f) => `${f.provider}: ${f.reason}`).join("; ");
        const first = config.recognition.providers[0];
        const says = contentsOf(entry, config.recognition).join(", ") || "that a face moved";
        const events = `events say ${says} (recognition.report ${config.recognition.report}); licence ${entry.licence ?? "not stated"}`;
        return provider === first || fallBacks.length === 0
          ? { status: "ok", detail: `HSTA runs on ${provider}; ${events}` }
          : {
              status: "warn",
              detail: `HSTA runs on ${provider} (${missed}); ${events}`,
              advice: "see docs/jetson.md for GPU providers",
            };
      } catch (thrown) {
        return { status: "fail", detail: reasonOf(thrown) };
      }
    },
  };
}
