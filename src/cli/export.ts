import {
  type ExportFormat,
  exportFormats,
  exportRecording,
  type Recording,
  readFolder,
  readSession,
} from "../archive/index.js";
import { FlinchError } from "../lib/errors.js";
import type { CommandContext } from "./command.js";

const SESSION = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What was seen outside of sessions. */
const NO_SESSION = "none";

/** Something to export, and where its files go unless somebody says otherwise. */
interface Found {
  readonly recording: Recording;
  readonly folder: string;
}

/**
 * `flinch export`: results of `flinch analyze --out`, and sessions that a daemon has kept, for other programs. Prints
 * the path of every file that it wrote.
 */
export async function exportCommand({ line, env, output }: CommandContext): Promise<number> {
  const formats = formatsIn(line.options.get("to"));
  const [sessions, folders] = [line.positionals.filter(isSession), line.positionals.filter((path) => !isSession(path))];
  const close: (() => void)[] = [];
  try {
    // All of them first: one that cannot be read is told before anything is written.
    const found: Found[] = [];
    for (const folder of folders) found.push({ folder, recording: await readFolder(folder) });
    if (sessions.length > 0) {
      const [{ loadConfig }, { openKeptHistory }] = await Promise.all([
        import("../config/index.js"),
        import("./kept-history.js"),
      ]);
      const { config } = loadConfig({ line, env });
      const history = openKeptHistory(config);
      close.push(() => history.close());
      const device = config.device.id;
      for (const id of sessions) {
        const session = id === NO_SESSION ? null : id.toLowerCase();
        found.push({ folder: ".", recording: readSession(history, session, { device }) });
      }
    }
    for (const { recording, folder } of found)
      for (const format of formats)
        for (const path of await exportRecording(recording, format, line.options.get("out") ?? folder)) output(path);
  } finally {
    for (const each of close) each();
  }
  return 0;
}

const isSession = (positional: string): boolean => positional === NO_SESSION || SESSION.test(positional);

function formatsIn(text: string | undefined): readonly ExportFormat[] {
  const known = `--to takes ${exportFormats.join(", ")}, or several of them with commas between`;
  if (text === undefined) throw new FlinchError("USAGE", `export needs a format: ${known}`);
  return text.split(",").map((word) => {
    const format = exportFormats.find((name) => name === word.trim());
    if (format === undefined) throw new FlinchError("USAGE", `there is no format '${word.trim()}': ${known}`);
    return format;
  });
}
