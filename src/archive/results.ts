import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { AnalysisSummary } from "../api/index.js";
import type { Detection } from "../contract/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { Movement } from "../pipeline/index.js";
import { RESULT_FILES } from "./result-files.js";

/** What `flinch analyze --out` left of one recording. */
export interface Results {
  /** The folder's name, which is the recording's without its extension. */
  readonly name: string;
  readonly summary: AnalysisSummary;
  readonly events: readonly Detection[];
  readonly movements: readonly Movement[];
}

/**
 * Reads a folder of results.
 * @throws FlinchError RESULTS_UNREADABLE naming the file, and the line where one is damaged
 */
export async function readResults(folder: string): Promise<Results> {
  const summaryFile = join(folder, RESULT_FILES.summary);
  const there = await stat(summaryFile).catch(() => undefined);
  if (there === undefined) {
    const how = "flinch analyze VIDEO --out DIR makes a folder of results for each video in DIR";
    throw new FlinchError("RESULTS_UNREADABLE", `'${folder}' holds no results (no ${RESULT_FILES.summary}): ${how}`);
  }
  const [summary] = await linesOf<AnalysisSummary>(summaryFile, (text) => [text]);
  if (summary?.schema !== "flinch/analysis_summary/1")
    throw new FlinchError("RESULTS_UNREADABLE", `'${summaryFile}' is no summary of an analysis`);
  return {
    name: basename(folder),
    summary,
    events: await linesOf<Detection>(join(folder, RESULT_FILES.events)),
    movements: await linesOf<Movement>(join(folder, RESULT_FILES.movements)),
  };
}

const perLine = (text: string): string[] => text.split("\n").filter((line) => line !== "");

async function linesOf<T>(file: string, split: (text: string) => readonly string[] = perLine): Promise<T[]> {
  const text = await readFile(file, "utf8").catch((thrown: unknown) => {
    throw new FlinchError("RESULTS_UNREADABLE", `'${file}' cannot be read: ${reasonOf(thrown)}`, { cause: thrown });
  });
  return split(text).map((line, i) => {
    try {
      return JSON.parse(line) as T;
    } catch (cause) {
      throw new FlinchError("RESULTS_UNREADABLE", `'${file}', line ${i + 1}, is not JSON: is it cut off?`, { cause });
    }
  });
}
