import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A small file that is replaced as a whole: a reader, or a power cut, finds the old content or the new, never a part. */
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
  async write(content: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = `${this.path}.tmp`;
    try {
      await this.writeThrough(temporary, content);
      await rename(temporary, this.path);
    } catch (thrown) {
      await unlink(temporary).catch(() => undefined);
      throw thrown;
    }
    // A renamed file is not safe before its directory is.
    const directory = await open(dirname(this.path), "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  /** Moves a file that cannot be used to the folder `damaged` beside it, for a person to look at. */
  async setAside(): Promise<void> {
    const folder = join(dirname(this.path), "damaged");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(this.path, join(folder, basename(this.path)));
  }

  private async writeThrough(path: string, content: string): Promise<void> {
    const file = await open(path, "w", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
