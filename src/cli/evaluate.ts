import { loadConfig } from "../config/index.js";
import { evaluate, renderEvaluation } from "../evaluation/index.js";
import { createLog } from "../lib/log.js";
import { openModels } from "../pipeline/index.js";
import type { CommandContext } from "./command.js";

/**
 * `flinch evaluate`: the pipeline over simulated interviews (folders of video.mp4 and truth.json), scored per
 * frame rate; with a second folder, interviews of other people, also published spotters on the same faces. Scores on simulated video say how versions compare, not how well people are read.
 */
export async function evaluateCommand({ line, env, output, signal }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const [dir = "", tuning] = line.positionals;
  const log = createLog(config.log.level);
  // A score needs the label, however little events may say in the room.
  const telling = { ...config, recognition: { ...config.recognition, report: "emotion" as const, attention: false } };
  const models = await openModels(telling, log);
  try {
    const evaluation = await evaluate(telling, models, { dir, tuning, signal, onVideo: (line) => log.info(line) });
    if (signal.aborted) return 1;
    output(line.switches.has("json") ? JSON.stringify(evaluation) : renderEvaluation(evaluation));
    return 0;
  } finally {
    await models.close();
  }
}
