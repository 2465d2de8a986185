import { open, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "./disk.js";

/** What a file is to hold: as a whole, or piece by piece. */
type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** A file that is replaced as a whole: a reader, or a power cut, finds the old content or the new, never a part. */
export class DurableFile {
  constructor(readonly path: string) {}

  /** The content; undefined where there is no such file. */
  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.path, "utf8");
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  }

  /** What has returned is on the disk. The directory is made where it is missing, for this user alone. */
  async write(content: Content): Promise<void> {
    makeFolder(dirname(this.path), 0o700);
    const temporary = `${this.path}.tmp`;
    try {
      await writeThrough(temporary, content, "w");
      await rename(temporary, this.path);
    } catch (thrown) {
      await unlink(temporary).catch(() => undefined);
      throw thrown;
    }
    // A renamed file is not safe before its directory is.
    await syncFolder(dirname(this.path));
  }

  /** Moves a file that cannot be used to the folder `damaged` beside it, for a person to look at. */
  async setAside(): Promise<void> {
    const folder = join(dirname(this.path), "damaged");
    makeFolder(folder, 0o700);
    await rename(this.path, join(folder, basename(this.path)));
  }
}

/**
 * Writes a file for this user alone; what has returned is on the disk.
 * @param flag "w" replaces a file that is there, "wx" refuses to
 */
export async function writeThrough(path: string, content: Content, flag: "w" | "wx"): Promise<void> {
  const file = await open(path, flag, 0o600);
  try {
    await writeFile(file, content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings the names in a folder, new or moved, onto the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** There is no such file. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
