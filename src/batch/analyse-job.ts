import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AnalysisSummary, analyzeFile, summaryOf } from "../api/index.js";
import { exportInto, RESULT_FILES, ResultFolder, readFolder } from "../archive/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { Models, PipelineListener } from "../pipeline/index.js";
import { openReport } from "../report/index.js";
import type { Job, Outcome, RunOptions } from "./job.js";
import { linesOf } from "./lines.js";
import { joined } from "./listeners.js";
import { isCurrent, MANIFEST, manifestOf } from "./manifest.js";

/** What an analysis tells while it goes on. */
export interface Progress {
  /** Time of the stream that has been analysed, milliseconds. */
  onTime(timeMs: number): void;
}

/**
 * Analyses a recording into the folder of its results, unless they are there.
 * @throws FlinchError REPORT_UNWRITABLE where results cannot be written: no other recording's could be
 */
export async function analyseJob(
  job: Job,
  { config, out, wishes, madeWith, resume }: RunOptions,
  models: () => Promise<Models>,
  signal: AbortSignal,
  progress: Progress,
): Promise<Outcome> {
  const made = { ...madeWith, metadata: job.metadata };
  const path = join(out, job.name);
  if (await ResultFolder.isDone(out, job.name)) {
    if (!resume || (await isCurrent(path, job.path, job.place, made))) return outcomeOf(await summaryAt(path), "kept");
  }
  const folder = await ResultFolder.begin(out, job.name);
  try {
    const page = wishes.page
      ? await openReport({
          file: join(folder.partial, "report.html"),
          video: job.path,
          truth: undefined,
          thumbnails: wishes.thumbnails,
          maxFps: config.clip.maxFps,
        })
      : undefined;
    const lines = linesOf({
      events: folder.lines("events"),
      movements: folder.lines("movements"),
      signals: wishes.signals ? folder.lines("signals") : undefined,
    });
    const listeners: PipelineListener[] = [lines, ...(page ? [page.listener] : [])];
    const opened = await models();
    const analysed = await analyzeFile(config, opened, job.path, joined(listeners), signal, (frame) => {
      page?.onFrame(frame);
      progress.onTime(frame.timeMs);
    });
    if (analysed.interrupted) {
      await folder.drop();
      return { state: "failed", why: "it was interrupted" };
    }
    const summary = {
      ...summaryOf(job.path, analysed, opened),
      ...(hasAny(job.metadata) && { metadata: job.metadata }),
    };
    await folder.finish(summary, async (partial) => {
      await page?.write(config, summary, opened);
      if (wishes.formats.length > 0) {
        const recording = { ...(await readFolder(partial)), name: job.name };
        for (const format of wishes.formats) await exportInto(recording, format, partial);
      }
      // What changed while it was read is told at the next run.
      const manifest = await manifestOf(job.path, job.place, made);
      await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    });
    return outcomeOf(summary, "analysed");
  } catch (thrown) {
    await folder.drop();
    if (!(thrown instanceof FlinchError) || thrown.code === "REPORT_UNWRITABLE") throw thrown;
    return { state: "failed", why: reasonOf(thrown) };
  }
}

const hasAny = (metadata: object): boolean => Object.keys(metadata).length > 0;

const outcomeOf = (summary: AnalysisSummary, state: "analysed" | "kept"): Outcome => ({
  state: summary.cut === null ? state : "cut",
  summary,
});

async function summaryAt(folder: string): Promise<AnalysisSummary> {
  return JSON.parse(await readFile(join(folder, RESULT_FILES.summary), "utf8")) as AnalysisSummary;
}
