import { type AnalysisSummary, analyzeFile, summaryLine, summaryOf } from "../api/index.js";
import { ResultFolder } from "../archive/index.js";
import type { CommandLine } from "../config/command-line.js";
import { type Config, loadConfig } from "../config/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { createLog, type Log } from "../lib/log.js";
import { redactAddress } from "../lib/redact.js";
import type { PipelineListener } from "../pipeline/index.js";
import { type Models, openModels } from "../pipeline/index.js";
import { ReportFile } from "../report/index.js";
import { linesOf } from "./analyze-lines.js";
import { openReport } from "./analyze-report.js";
import type { CommandContext } from "./command.js";
import { asFile } from "./standard-input.js";

/** In the place of a video's path. */
const STANDARD_INPUT = "-";

/** What the command line asks for, beside the configuration. */
type Wishes = Pick<CommandLine, "switches" | "options">;

/**
 * `flinch analyze`: every frame of a video, as fast as it goes; one detection a line on standard output and
 * nothing else there. The same file, models and configuration give the same bytes. With `--report FILE` it also
 * writes an HTML page that shows why events were raised, and why not; with `--summary FILE`, what it came to. With
 * `--out DIR`, any number of files, each with a folder of results.
 */
export async function analyze({ line, env, output, signal }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const [video = ""] = line.positionals;
  const dir = line.options.get("out");
  refuse(line, line.positionals);
  const log = createLog(config.log.level);
  if (dir !== undefined) return analyzeAll(config, line.positionals, dir, line, signal, log);
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

/** @throws FlinchError USAGE for what does not go together, before anything is opened */
function refuse({ switches, options }: Wishes, videos: readonly string[]): void {
  const has = (name: string) => options.has(name) || switches.has(name);
  const stream = videos.find((video) => /^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(video));
  if (stream !== undefined) {
    const how = "flinch run --source.kind=rtsp (or http) --source.uri=… watches a stream";
    throw new FlinchError("USAGE", `${redactAddress(stream)} is a stream, and analyze reads files; ${how}`);
  }
  if (has("out") && videos.includes(STANDARD_INPUT))
    throw new FlinchError("USAGE", "standard input (-) has no name for --out DIR; analyse it alone");
  if (!has("report") && (has("thumbnails") || has("truth")))
    throw new FlinchError("USAGE", "--thumbnails and --truth belong to --report FILE.html, which is missing");
  if (!has("out")) {
    if (videos.length > 1)
      throw new FlinchError("USAGE", `${videos.length} videos need --out DIR, a folder for their results`);
    return;
  }
  const single = ["report", "summary", "movements"].find(has);
  if (single !== undefined)
    throw new FlinchError("USAGE", `--out DIR has a place for everything, and does not go with --${single}`);
  const names = videos.map(ResultFolder.nameOf);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new FlinchError("USAGE", `two of the videos are called '${twice}': analyse them into different folders`);
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
  const listener: PipelineListener = {
    ...lines,
    onNoEvent: (reason, apexMs, face) => log.debug({ reason, apexMs, face }, "movement without event"),
    onSample(face, observed) {
      report?.listener.onSample(face, observed);
      lines.onSample?.(face, observed);
    },
    onSignal(face, motion) {
      report?.listener.onSignal(face, motion);
      lines.onSignal?.(face, motion);
    },
    onDetection(detection) {
      report?.listener.onDetection(detection);
      lines.onDetection?.(detection);
    },
    onLeave: (face) => report?.listener.onLeave(face),
    async onOutcome(outcome) {
      await report?.listener.onOutcome(outcome);
      await lines.onOutcome?.(outcome);
    },
  };
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

/** One after the other; a recording that cannot be read costs itself only, and one whose results are there is left. */
function analyzeAll(
  config: Config,
  videos: readonly string[],
  dir: string,
  { switches }: Wishes,
  signal: AbortSignal,
  log: Log,
): Promise<number> {
  return withModels(config, log, async (models) => {
    let failed = 0;
    for (const video of videos) {
      if (signal.aborted) return 1;
      failed += await analyzeInto(config, models, video, dir, switches.has("signals"), signal, log);
    }
    return failed === 0 && !signal.aborted ? 0 : 1;
  });
}

/** Analyses a recording into a folder of its own; gives 1 where it, or a part of it, could not be read. */
async function analyzeInto(
  config: Config,
  models: Models,
  video: string,
  dir: string,
  signals: boolean,
  signal: AbortSignal,
  log: Log,
): Promise<0 | 1> {
  const name = ResultFolder.nameOf(video);
  if (await ResultFolder.isDone(dir, name)) {
    log.info({ video, out: dir }, `${name} has results already; delete them to have it analysed anew`);
    return 0;
  }
  const folder = await ResultFolder.begin(dir, name);
  const lines = linesOf({
    events: folder.lines("events"),
    movements: folder.lines("movements"),
    signals: signals ? folder.lines("signals") : undefined,
  });
  try {
    const analysed = await analyzeFile(config, models, video, lines, signal);
    if (analysed.interrupted) {
      await folder.drop();
      return 1;
    }
    const summary = summaryOf(video, analysed, models);
    await folder.finish(summary);
    tell(log, summary, { out: folder.path });
    return summary.cut === null ? 0 : 1;
  } catch (thrown) {
    await folder.drop();
    if (!(thrown instanceof FlinchError) || thrown.code === "REPORT_UNWRITABLE") throw thrown;
    log.error({ video, reason: reasonOf(thrown) }, "not analysed");
    return 1;
  }
}

function tell(log: Log, summary: AnalysisSummary, where: Readonly<Record<string, string | undefined>>): void {
  const { frames, cut, minutes } = summary;
  log.info({ frames, lastError: cut ?? undefined, minutes, ...where }, `analysed: ${summaryLine(summary)}`);
}
