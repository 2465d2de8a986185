import { type ExportFormat, exportFormats, exportResults, readResults } from "../archive/index.js";
import { FlinchError } from "../lib/errors.js";
import type { CommandContext } from "./command.js";

/**
 * `flinch export`: results of `flinch analyze --out` for other programs. Prints the path of every file that it wrote.
 */
export async function exportCommand({ line, output }: CommandContext): Promise<number> {
  const formats = formatsIn(line.options.get("to"));
  const folder = line.options.get("out");
  // All of them first: one that cannot be read is told before anything is written.
  const all = await Promise.all(line.positionals.map(async (path) => ({ path, results: await readResults(path) })));
  for (const { path, results } of all) {
    for (const format of formats) {
      for (const written of await exportResults(results, format, folder ?? path)) output(written);
    }
  }
  return 0;
}

function formatsIn(text: string | undefined): readonly ExportFormat[] {
  const known = `--to takes ${exportFormats.join(", ")}, or several of them with commas between`;
  if (text === undefined) throw new FlinchError("USAGE", `export needs a format: ${known}`);
  return text.split(",").map((word) => {
    const format = exportFormats.find((name) => name === word.trim());
    if (format === undefined) throw new FlinchError("USAGE", `there is no format '${word.trim()}': ${known}`);
    return format;
  });
}
