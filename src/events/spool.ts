import { mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";

/** Durable file operations within one directory: what has returned survives a power cut. */
export interface Spool {
  /** Creates the directory where it is missing. */
  prepare(): Promise<void>;
  list(): Promise<string[]>;
  read(name: string): Promise<string>;
  /** Replaces the file as a whole: a reader, or a crash, sees the old or the new one, never a part. */
  write(name: string, content: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file that is not there is no error. */
  remove(name: string): Promise<void>;
  /** Milliseconds since the Unix epoch. */
  modifiedAt(name: string): Promise<number>;
  /** Moves a file that cannot be used to the folder `corrupt` beside it. */
  setAside(name: string): Promise<void>;
}

export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

async function ignoringMissing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
}

/** Names of files that a crash left half written. */
export const temporarySuffix = ".tmp";

/** A spool in a directory of the file system. */
export class DirectorySpool implements Spool {
  constructor(private readonly directory: string) {}

  async prepare(): Promise<void> {
    // Events are about people: nobody but the daemon's user reads them.
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
  }

  list(): Promise<string[]> {
    return readdir(this.directory);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), "utf8");
  }

  async write(name: string, content: string): Promise<void> {
    const temporary = this.path(name + temporarySuffix);
    try {
      const file = await open(temporary, "w", 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.path(name));
    } catch (thrown) {
      await unlink(temporary).catch(() => undefined);
      throw thrown;
    }
    await this.syncDirectory();
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.path(from), this.path(to));
    await this.syncDirectory();
  }

  async remove(name: string): Promise<void> {
    // Not synced: after a power cut the event may be there again and is published twice, which consumers expect.
    await ignoringMissing(unlink(this.path(name)));
  }

  async modifiedAt(name: string): Promise<number> {
    return (await stat(this.path(name))).mtimeMs;
  }

  async setAside(name: string): Promise<void> {
    await mkdir(this.path("corrupt"), { recursive: true, mode: 0o700 });
    await ignoringMissing(rename(this.path(name), this.path(join("corrupt", name))));
  }

  private path(name: string): string {
    return join(this.directory, name);
  }

  /** Makes the directory's entries durable: a renamed file is not safe before. */
  private async syncDirectory(): Promise<void> {
    const directory = await open(this.directory, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}
