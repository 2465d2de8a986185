import { lstat, readdir, realpath, unlink } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "../lib/errors.js";

export interface RetentionOptions {
  readonly directories: readonly string[];
  /** Files whose last change is longer ago than this are deleted. */
  readonly days: number;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

export interface RetentionReport {
  readonly deleted: number;
  readonly deletedBytes: number;
  readonly kept: number;
  /** Files and directories that could not be read or deleted, each with its reason. */
  readonly failures: readonly string[];
}

const DAY_MS = 86_400_000;
/** More reasons than these help nobody, and a broken disk would have millions. */
const MAX_FAILURES = 20;

/**
 * Deletes what was kept long enough. Only regular files inside the given directories: a symbolic link is neither
 * followed nor deleted. A directory that does not exist holds nothing.
 */
export async function deleteExpired(options: RetentionOptions): Promise<RetentionReport> {
  const oldestMs = options.nowMs - options.days * DAY_MS;
  const failures: string[] = [];
  let deleted = 0;
  let deletedBytes = 0;
  let kept = 0;
  const fail = (path: string, error: unknown): void => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    if (failures.length < MAX_FAILURES) failures.push(`${path}: ${reasonOf(error)}`);
  };

  const visitFile = async (path: string): Promise<void> => {
    try {
      const found = await lstat(path);
      if (!found.isFile() || found.mtimeMs > oldestMs) {
        kept += 1;
        return;
      }
      await unlink(path);
      deleted += 1;
      deletedBytes += found.size;
    } catch (error) {
      fail(path, error);
    }
  };

  const visit = async (directory: string): Promise<void> => {
    try {
      for (const entry of await readdir(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) await visit(path);
        else if (entry.isFile()) await visitFile(path);
      }
    } catch (error) {
      fail(directory, error);
    }
  };

  for (const directory of options.directories) {
    // The directory itself may be a link: that was the operator's choice. What lies in it may not lead outside.
    const real = await realpath(directory).catch((error: unknown) => fail(directory, error));
    if (real !== undefined) await visit(real);
  }
  return { deleted, deletedBytes, kept, failures };
}
