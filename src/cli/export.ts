import { dirname, join } from "node:path";
import {
  type ExportFormat,
  exportRecording,
  type Recording,
  ResultFolder,
  readFolder,
  readSession,
  resultsBelow,
} from "../archive/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { CommandContext } from "./command.js";
import { SOME_FAILED } from "./exit-status.js";
import { exportFormatsIn } from "./export-formats.js";

const SESSION = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What was seen outside of sessions. */
const NO_SESSION = "none";

/** Something to export, and where its files go. */
interface Found {
  readonly recording: Recording;
  readonly folder: string;
}

/**
 * `flinch export`: results of `flinch analyze --out`, and sessions that a daemon has kept, for other programs. Prints
 * the path of every file that it wrote.
 */
export async function exportCommand({ line, env, output }: CommandContext): Promise<number> {
  const formats = exportFormatsIn(line.options.get("to"));
  const out = line.options.get("out");
  const [sessions, folders] = [line.positionals.filter(isSession), line.positionals.filter((path) => !isSession(path))];
  const trees: string[] = [];
  const close: (() => void)[] = [];
  try {
    // All that is named first: one that cannot be read is told before anything is written.
    const found: Found[] = [];
    for (const folder of folders) {
      if (!(await ResultFolder.isDone(folder, "")) && (await holdsResults(folder))) trees.push(folder);
      else found.push({ folder: out ?? folder, recording: await readFolder(folder) });
    }
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
        found.push({ folder: out ?? ".", recording: readSession(history, session, { device }) });
      }
    }
    for (const each of found) await write(each, formats, output);
    let failed = 0;
    for (const tree of trees) failed += await exportTree(tree, formats, out, output);
    return failed === 0 ? 0 : SOME_FAILED;
  } finally {
    for (const each of close) each();
  }
}

async function write(
  { recording, folder }: Found,
  formats: readonly ExportFormat[],
  output: (line: string) => void,
): Promise<void> {
  for (const format of formats) for (const path of await exportRecording(recording, format, folder)) output(path);
}

/** Thousands of results, one after the other; a damaged one costs itself only. Gives how many were. */
async function exportTree(
  tree: string,
  formats: readonly ExportFormat[],
  out: string | undefined,
  output: (line: string) => void,
): Promise<number> {
  let failed = 0;
  for await (const { folder, place } of resultsBelow(tree)) {
    try {
      await write(
        { recording: await readFolder(folder), folder: out === undefined ? folder : join(out, dirname(place)) },
        formats,
        output,
      );
    } catch (thrown) {
      if (!(thrown instanceof FlinchError) || thrown.code !== "RESULTS_UNREADABLE") throw thrown;
      process.stderr.write(`flinch: ${reasonOf(thrown)} [${thrown.code}]\n`);
      failed++;
    }
  }
  return failed;
}

async function holdsResults(folder: string): Promise<boolean> {
  for await (const _ of resultsBelow(folder)) return true;
  return false;
}

const isSession = (positional: string): boolean => positional === NO_SESSION || SESSION.test(positional);
