import { join } from "node:path";
import { whyDisk } from "../lib/disk.js";
import { DurableFile } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";
import { eventTable, movementTable } from "./columns.js";
import { dictionaryAsCsv, tableAsCsv } from "./csv.js";
import { eafOf } from "./eaf.js";
import type { Results } from "./results.js";
import { srtOf } from "./srt.js";

/** Files by the end of their names. */
type Files = Readonly<Record<string, string>>;

function csvFiles(results: Results): Files {
  const [events, movements] = [eventTable(results), movementTable(results)];
  return {
    "events.csv": tableAsCsv(events),
    "movements.csv": tableAsCsv(movements),
    "columns.csv": dictionaryAsCsv([events, movements]),
  };
}

const MAKERS = {
  csv: csvFiles,
  srt: ({ events }: Results): Files => ({ srt: srtOf(events) }),
  eaf: (results: Results): Files => ({ eaf: eafOf(results, new Date()) }),
} as const;

export type ExportFormat = keyof typeof MAKERS;

export const exportFormats = Object.keys(MAKERS) as readonly ExportFormat[];

/**
 * Writes results in a format that other programs read, as `<name>.<ending>`, in place of what stands there.
 * @returns the paths that were written
 * @throws FlinchError EXPORT_UNWRITABLE; each file is whole or not there
 */
export async function exportResults(results: Results, format: ExportFormat, folder: string): Promise<string[]> {
  const written: string[] = [];
  for (const [ending, content] of Object.entries(MAKERS[format](results))) {
    const path = join(folder, `${results.name}.${ending}`);
    await new DurableFile(path).write(content).catch((cause: unknown) => {
      throw new FlinchError("EXPORT_UNWRITABLE", `'${path}' cannot be written: ${whyDisk(cause)}`, { cause });
    });
    written.push(path);
  }
  return written;
}
