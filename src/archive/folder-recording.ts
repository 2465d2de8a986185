import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { AnalysisSummary } from "../api/index.js";
import type { Detection } from "../contract/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { Movement } from "../pipeline/index.js";
import { inBlocks } from "./blocks.js";
import { fileSignals } from "./file-signals.js";
import { parsedLine } from "./parsed-line.js";
import { recordedMovement } from "./recorded-movement.js";
import type { Recording } from "./recording.js";
import { RESULT_FILES } from "./result-files.js";

const UNKNOWN = { onsetAt: null, apexAt: null, offsetAt: null } as const;

/** As it may lie there: an older version left out the regions. */
type WrittenSummary = Omit<AnalysisSummary, "regions"> & Partial<Pick<AnalysisSummary, "regions">>;

/**
 * Reads a folder of results, as `flinch analyze --out` makes it; its signals when they are asked for.
 * @throws FlinchError RESULTS_UNREADABLE naming the file, and the line where one is damaged
 */
export async function readFolder(folder: string): Promise<Recording> {
  const file = (name: keyof typeof RESULT_FILES) => join(folder, RESULT_FILES[name]);
  const summary = await summaryIn(folder, file("summary"));
  const events = await linesOf<Detection>(file("events"));
  const movements = await linesOf<Movement & { readonly kind?: "movement" }>(file("movements"));
  const hasSignals = (await stat(file("signals")).catch(() => undefined)) !== undefined;
  return {
    name: basename(folder),
    video: summary.video,
    zero: { what: "recording", at: null },
    session: null,
    coverage: [],
    summary,
    events: () => inBlocks(events),
    movements: () => inBlocks(movements.map(({ kind: _, ...movement }) => recordedMovement(movement, UNKNOWN))),
    ...(hasSignals && { signals: fileSignals(file("signals"), () => regionsOf(summary, file("summary"))) }),
  };
}

async function summaryIn(folder: string, file: string): Promise<WrittenSummary> {
  if ((await stat(file).catch(() => undefined)) === undefined) {
    const how = "flinch analyze VIDEO --out DIR makes a folder of results for each video in DIR";
    throw new FlinchError("RESULTS_UNREADABLE", `'${folder}' holds no results (no ${RESULT_FILES.summary}): ${how}`);
  }
  const [summary] = await linesOf<WrittenSummary>(file, (text) => [text]);
  if (summary?.schema !== "flinch/analysis_summary/1")
    throw new FlinchError("RESULTS_UNREADABLE", `'${file}' is no summary of an analysis`);
  return summary;
}

function regionsOf({ regions }: WrittenSummary, file: string): readonly string[] {
  if (regions !== undefined) return regions;
  const how = `analyse the video anew, or remove ${RESULT_FILES.signals} to export the rest`;
  const what = `'${file}' does not name the face's regions, whose motion ${RESULT_FILES.signals} holds`;
  throw new FlinchError("RESULTS_UNREADABLE", `${what}: an older Flinch wrote it; ${how}`);
}

const perLine = (text: string): string[] => text.split("\n").filter((line) => line !== "");

async function linesOf<T>(file: string, split: (text: string) => readonly string[] = perLine): Promise<T[]> {
  const text = await readFile(file, "utf8").catch((thrown: unknown) => {
    throw new FlinchError("RESULTS_UNREADABLE", `'${file}' cannot be read: ${reasonOf(thrown)}`, { cause: thrown });
  });
  return split(text).map((line, i) => parsedLine<T>(line, file, i));
}
