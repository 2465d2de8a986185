import { type AnalysisSummary, analyzeFile, summaryLine, summaryOf } from "../api/index.js";
import { joined, linesOf } from "../batch/index.js";
import type { CommandLine } from "../config/command-line.js";
import { type Config, loadConfig } from "../config/index.js";
import { FlinchError } from "../lib/errors.js";
import { createLog, type Log } from "../lib/log.js";
import type { PipelineListener } from "../pipeline/index.js";
import { type Models, openModels } from "../pipeline/index.js";
import { openReport, ReportFile } from "../report/index.js";
import { analyzeAll } from "./analyze-all.js";
import { refuse, STANDARD_INPUT } from "./analyze-wishes.js";
import type { CommandContext } from "./command.js";
import { asFile } from "./standard-input.js";

/** What the command line asks for, beside the configuration. */
type Wishes = Pick<CommandLine, "switches" | "options">;

/**
 * `flinch analyze`: every frame of a video, as fast as it goes; one detection a line on standard output and
 * nothing else there. The same file, models and configuration give the same bytes. With `--report FILE` it also
 * writes an HTML page that shows why events were raised, and why not; with `--summary FILE`, what it came to. With
 * `--out DIR`, any number of files and folders, each recording with a folder of results.
 */
export async function analyze({ line, env, output, signal }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const [video = ""] = line.positionals;
  const dir = line.options.get("out");
  refuse(line, line.positionals);
  const log = createLog(config.log.level);
  if (dir !== undefined) return analyzeAll({ config, line, env, out: dir, output, signal, log });
  const one = (path: string) => analyzeOne(config, path, line, output, signal, log);
  return video === STANDARD_INPUT ? asFile(process.stdin, one) : one(video);
}

/** Opens the models for as long as the work lasts. */
async function withModels<T>(config: Config, log: Log, work: (models: Models) => Promise<T>): Promise<T> {
  const models = await openModels(config, log);
  try {
    return await work(models);
  } finally {
    await models.close();
  }
}

async function analyzeOne(
  config: Config,
  video: string,
  { switches, options }: Wishes,
  output: (line: string) => void,
  signal: AbortSignal,
  log: Log,
): Promise<number> {
  const [page, summaryPath, truth] = ["report", "summary", "truth"].map((name) => options.get(name));
  // Before the models are opened: what cannot be written is refused at once.
  const report =
    page === undefined
      ? undefined
      : await openReport({
          file: page,
          video,
          truth,
          thumbnails: switches.has("thumbnails"),
          maxFps: config.clip.maxFps,
        });
  const summaryFile =
    summaryPath === undefined ? undefined : await ReportFile.prepare(summaryPath, [video], "--summary");
  const lines = linesOf({
    events: output,
    movements: switches.has("movements") ? output : undefined,
    signals: switches.has("signals") ? output : undefined,
  });
  const told: PipelineListener = {
    onNoEvent: (reason, apexMs, face) => log.debug({ reason, apexMs, face }, "movement without event"),
  };
  const listener = joined([...(report ? [report.listener] : []), lines, told]);
  const lastError = await withModels(config, log, async (models) => {
    const analysed = await analyzeFile(config, models, video, listener, signal, report?.onFrame);
    const summary = summaryOf(video, analysed, models);
    await report?.write(config, summary, models);
    await summaryFile?.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    tell(log, summary, { report: page, summary: summaryPath });
    return analysed.lastError;
  });
  if (lastError !== undefined) throw new FlinchError("SOURCE_UNREADABLE", `${video}: ${lastError}`);
  return signal.aborted ? 1 : 0;
}

function tell(log: Log, summary: AnalysisSummary, where: Readonly<Record<string, string | undefined>>): void {
  const { frames, cut, minutes } = summary;
  log.info({ frames, lastError: cut ?? undefined, minutes, ...where }, `analysed: ${summaryLine(summary)}`);
}
