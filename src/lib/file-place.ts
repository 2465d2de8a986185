import { statSync } from "node:fs";

/**
 * Notices that the name of an open file leads elsewhere: it was deleted, replaced or moved, and what is written to it
 * from then on is gone with the process.
 */
export class FilePlace {
  private readonly known = new Map<string, string>();

  /** @param paths the files; one that is not there yet counts from when it is */
  constructor(private readonly paths: readonly string[]) {
    this.holds();
  }

  /** False once a file that was there is missing or another. */
  holds(): boolean {
    return this.paths.every((path) => {
      const found = identityOf(path);
      if (!this.known.has(path) && found !== undefined) this.known.set(path, found);
      return this.known.get(path) === found;
    });
  }

  /** True where there is a file of this name that is not the one of then. */
  isTaken(path: string): boolean {
    const found = identityOf(path);
    return found !== undefined && found !== this.known.get(path);
  }
}

/** Device and inode; undefined where there is no such file. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}
