import { join } from "node:path";
import { whyDisk } from "../lib/disk.js";
import { DurableFile } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";
import { eventTable, movementTable } from "./columns.js";
import type { Results } from "./results.js";
import { srtOf } from "./srt.js";

/** Files by the end of their names. */
type Files = Readonly<Record<string, string>>;

/** Each loads what it needs: `flinch analyze` writes results without it. */
const MAKERS = {
  async csv(results: Results): Promise<Files> {
    const { dictionaryAsCsv, tableAsCsv } = await import("./csv.js");
    const [events, movements] = [eventTable(results), movementTable(results)];
    return {
      "events.csv": tableAsCsv(events),
      "movements.csv": tableAsCsv(movements),
      "columns.csv": dictionaryAsCsv([events, movements]),
    };
  },
  async srt({ events }: Results): Promise<Files> {
    return { srt: srtOf(events) };
  },
  async eaf(results: Results): Promise<Files> {
    const { eafOf } = await import("./eaf.js");
    return { eaf: eafOf(results, new Date()) };
  },
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
  for (const [ending, content] of Object.entries(await MAKERS[format](results))) {
    const path = join(folder, `${results.name}.${ending}`);
    await new DurableFile(path).write(content).catch((cause: unknown) => {
      throw new FlinchError("EXPORT_UNWRITABLE", `'${path}' cannot be written: ${whyDisk(cause)}`, { cause });
    });
    written.push(path);
  }
  return written;
}
