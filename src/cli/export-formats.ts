import { type ExportFormat, exportFormats } from "../archive/index.js";
import { FlinchError } from "../lib/errors.js";

/**
 * The formats that `--to` names.
 * @throws FlinchError USAGE
 */
export function exportFormatsIn(text: string | undefined): readonly ExportFormat[] {
  const known = `--to takes ${exportFormats.join(", ")}, or several of them with commas between`;
  if (text === undefined) throw new FlinchError("USAGE", `name a format: ${known}`);
  return text.split(",").map((word) => {
    const format = exportFormats.find((name) => name === word.trim());
    if (format === undefined) throw new FlinchError("USAGE", `there is no format '${word.trim()}': ${known}`);
    return format;
  });
}
