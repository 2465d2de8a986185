import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { reasonOf } from "./errors.js";

const WHY: Readonly<Record<string, string>> = {
  EROFS: "the file system is read-only",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "there is a file of that name",
  ENOENT: "there is no such folder",
  ENOSPC: "the disk is full",
  EDQUOT: "this user's share of the disk is full",
};

const codeOf = (thrown: unknown) => (thrown as Partial<NodeJS.ErrnoException> | undefined)?.code ?? "";

/** Why the disk refused something, in words and with the code of the system, on one line. */
export function whyDisk(thrown: unknown): string {
  const code = codeOf(thrown);
  const why = WHY[code];
  return why === undefined ? reasonOf(thrown) : `${why}, ${code}`;
}

/**
 * Makes a folder, and those above it that are missing. Node's own recursive mkdir says that the folder is missing
 * where the file system is read-only, and does not return at all for a folder in /proc.
 * @throws what the system says
 */
export function makeFolder(path: string, mode = 0o777): void {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { mode });
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST" && statSync(folder).isDirectory()) return;
    if (codeOf(thrown) !== "ENOENT" || dirname(folder) === folder) throw thrown;
    makeFolder(dirname(folder), mode);
    mkdirSync(folder, { mode });
  }
}

/** Makes the names in a directory survive a power cut. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
