import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./disk.js";

function corruptFolder(directory: string): string {
  const folder = join(directory, "corrupt");
  makeFolder(folder, 0o700);
  return folder;
}

/** A name in the folder that nothing has yet, also when the clock stands still. */
function unusedName(folder: string, name: string): string {
  for (let count = 0; ; count++) {
    const candidate = count === 0 ? name : `${count}-${name}`;
    if (!existsSync(join(folder, candidate))) return candidate;
  }
}

/**
 * Moves the files of a database that cannot be used to the folder `corrupt` beside it; they are for a person to look
 * at, until retention deletes them.
 * @returns where the database is now
 */
export function setDatabaseAside(directory: string, file: string): string {
  const folder = corruptFolder(directory);
  const name = unusedName(folder, `${new Date().toISOString().replaceAll(":", "-")}-${file}`);
  for (const suffix of ["", "-wal", "-journal"]) {
    const from = join(directory, file + suffix);
    if (existsSync(from)) renameSync(from, join(folder, name + suffix));
  }
  return join(folder, name);
}

/** Moves a single file to the folder `corrupt`. */
export function setFileAside(directory: string, file: string): void {
  const folder = corruptFolder(directory);
  renameSync(join(directory, file), join(folder, unusedName(folder, file)));
}

/** Writes text that should have been an event to the folder `corrupt`. */
export function setTextAside(directory: string, file: string, text: string): void {
  const folder = corruptFolder(directory);
  writeFileSync(join(folder, unusedName(folder, file)), text, { mode: 0o600 });
}
