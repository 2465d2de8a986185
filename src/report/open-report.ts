import { basename } from "node:path";
import type { AnalysisSummary } from "../api/index.js";
import type { Config } from "../config/index.js";
import type { Models } from "../pipeline/index.js";
import type { Frame } from "../stream/index.js";
import { Inspection } from "./inspection.js";
import { pageOf } from "./page.js";
import { ReportFile } from "./report-file.js";
import { openTruth } from "./truth-file.js";

export interface ReportOptions {
  readonly file: string;
  readonly video: string;
  /** File with the truth of a simulated video. */
  readonly truth: string | undefined;
  /** Whether the page may hold pictures of the face. */
  readonly thumbnails: boolean;
  /** The fastest video that is expected (`clip.maxFps`). */
  readonly maxFps: number;
}

/** The page of an analysis: watches it, and is written when it has ended. */
export interface AnalysisReport {
  readonly listener: Inspection["listener"];
  readonly onFrame: (frame: Frame) => void;
  /** @throws FlinchError REPORT_UNWRITABLE */
  write(config: Config, summary: AnalysisSummary, models: Models): Promise<void>;
}

/**
 * Makes sure, before an hour is spent on a video, that its page can be written and its truth be read.
 * @throws FlinchError REPORT_UNWRITABLE or TRUTH_UNREADABLE
 */
export async function openReport({ file, video, truth, thumbnails, maxFps }: ReportOptions): Promise<AnalysisReport> {
  const acts = truth === undefined ? undefined : openTruth(truth).events;
  const page = await ReportFile.prepare(file, [video, ...(truth === undefined ? [] : [truth])]);
  const inspection = new Inspection({ thumbnails, maxFps });
  return {
    listener: inspection.listener,
    onFrame: (frame) => inspection.frame(frame),
    async write(config, summary, { regions }) {
      const about = {
        summary,
        settings: config,
        regions,
        thumbnails,
        truth: truth !== undefined && acts ? { file: basename(truth), acts } : undefined,
      };
      await page.write(pageOf(about, inspection.result()));
    },
  };
}
