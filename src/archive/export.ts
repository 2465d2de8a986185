import { join } from "node:path";
import { whyDisk } from "../lib/disk.js";
import { DurableFile } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";
import { type Ending, type ExportFormat, endingsOf, exportFile } from "./files.js";
import type { Recording } from "./recording.js";

/**
 * Writes a recording in a format that other programs read, as `<name>.<ending>`, in place of what stands there.
 * @returns the paths that were written
 * @throws FlinchError EXPORT_UNWRITABLE; what reading the recording throws; each file is whole or not there
 */
export async function exportRecording(recording: Recording, format: ExportFormat, folder: string): Promise<string[]> {
  return writeFiles(recording, format, (ending) => join(folder, `${recording.name}.${ending}`));
}

/**
 * Writes a recording's files into the folder of its results, where they need no name of their own: `events.csv`,
 * `recording.srt`.
 * @throws as `exportRecording`
 */
export async function exportInto(recording: Recording, format: ExportFormat, folder: string): Promise<void> {
  await writeFiles(recording, format, (ending) => join(folder, ending.includes(".") ? ending : `recording.${ending}`));
}

async function writeFiles(
  recording: Recording,
  format: ExportFormat,
  pathOf: (ending: Ending) => string,
): Promise<string[]> {
  const written: string[] = [];
  for (const ending of endingsOf(recording, format)) {
    const path = pathOf(ending);
    const { content } = exportFile(recording, ending);
    await new DurableFile(path).write(content).catch((cause: unknown) => {
      if (cause instanceof FlinchError) throw cause;
      throw new FlinchError("EXPORT_UNWRITABLE", `'${path}' cannot be written: ${whyDisk(cause)}`, { cause });
    });
    written.push(path);
  }
  return written;
}
