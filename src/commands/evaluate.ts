import { openModels } from "../assemble.js";
import { loadConfig } from "../config/index.js";
import { FlinchError } from "../errors.js";
import { evaluate } from "../evaluation/evaluate.js";
import { renderEvaluation } from "../evaluation/table.js";
import { createLog } from "../ops/log.js";
import type { CommandContext } from "./command.js";

const USAGE = "usage: flinch evaluate DIR [TUNING_DIR] [--json] [--KEY=VALUE …]";

/**
 * `flinch evaluate DIR`: the pipeline over simulated interviews (folders of video.mp4 and truth.json), scored per
 * frame rate; with TUNING_DIR, interviews of other people, also published spotters on the same faces. Scores on simulated video say how versions compare, not how well people are read.
 */
export async function evaluateCommand({ argv, env, output, signal }: CommandContext): Promise<number> {
  const { config, positionals, switches } = loadConfig({ argv, env, switches: ["json"] });
  const [dir, tuning, ...rest] = positionals;
  if (dir === undefined || rest.length > 0) throw new FlinchError("USAGE", USAGE);
  const log = createLog(config.log.level);
  // A score needs the label, however little events may say in the room.
  const telling = { ...config, recognition: { ...config.recognition, report: "emotion" as const, attention: false } };
  const models = await openModels(telling, log);
  try {
    const evaluation = await evaluate(telling, models, { dir, tuning, signal, onVideo: (line) => log.info(line) });
    if (signal.aborted) return 1;
    output(switches.has("json") ? JSON.stringify(evaluation) : renderEvaluation(evaluation));
    return 0;
  } finally {
    await models.close();
  }
}
