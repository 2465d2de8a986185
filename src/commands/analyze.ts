import { loadConfig } from "../config/index.js";
import { FlinchError } from "../errors.js";
import type { Detection } from "../events/event.js";
import { createLog } from "../ops/log.js";
import type { PipelineListener } from "../pipeline.js";
import { analyzeFile } from "./analyze-file.js";
import { openReport } from "./analyze-report.js";
import type { CommandContext } from "./command.js";

const USAGE =
  "usage: flinch analyze VIDEO [--signals] [--report FILE.html [--thumbnails] [--truth FILE.json]] [--config FILE] [--KEY=VALUE …]";

/**
 * `flinch analyze VIDEO`: every frame of a file, as fast as it goes; one detection a line on standard output and
 * nothing else there. The same file, models and configuration give the same bytes. With `--report FILE` it also
 * writes an HTML page that shows why events were raised, and why not.
 */
export async function analyze({ argv, env, output, signal }: CommandContext): Promise<number> {
  const { config, positionals, switches, options } = loadConfig({
    argv,
    env,
    switches: ["signals", "thumbnails"],
    options: ["report", "truth"],
  });
  const [video, ...rest] = positionals;
  if (video === undefined || rest.length > 0) throw new FlinchError("USAGE", USAGE);
  const file = options.get("report");
  if (file === undefined && (switches.has("thumbnails") || options.has("truth")))
    throw new FlinchError("USAGE", `--thumbnails and --truth belong to --report; ${USAGE}`);
  const report =
    file === undefined
      ? undefined
      : await openReport({ file, video, truth: options.get("truth"), thumbnails: switches.has("thumbnails") });
  const log = createLog(config.log.level);
  const listener: PipelineListener = {
    ...report?.listener,
    onDetection: (detection: Detection) => output(JSON.stringify(detection)),
    onNoEvent: (reason, apexMs, face) => log.debug({ reason, apexMs, face }, "movement without event"),
    onSample: (face, sample) => {
      report?.listener.onSample(face, sample);
      if (!switches.has("signals")) return;
      // For drawing and tuning: the motion signal itself.
      const { timeMs, displacement, change, head } = sample;
      output(
        JSON.stringify({
          kind: "sample",
          face,
          timeMs,
          displacement: [...displacement],
          change: [...change],
          head: [...head],
        }),
      );
    },
  };
  const analysed = await analyzeFile(config, video, listener, signal, log, report?.onFrame);
  await report?.write(config, analysed, signal.aborted);
  log.info({ frames: analysed.count, lastError: analysed.lastError, report: file }, "analysed");
  if (analysed.lastError !== undefined) throw new FlinchError("SOURCE_UNREADABLE", `${video}: ${analysed.lastError}`);
  return signal.aborted ? 1 : 0;
}
