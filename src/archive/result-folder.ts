import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder, whyDisk } from "../lib/disk.js";
import { syncFolder } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";
import { type LinesFile, RESULT_FILES } from "./result-files.js";

/** The folder of results of one recording; whole or not there at all. */
export class ResultFolder {
  private readonly streams: WriteStream[] = [];
  private failure: unknown;

  private constructor(
    readonly path: string,
    /** Where its files lie until it is finished. */
    readonly partial: string,
  ) {}

  /** Whether results of this recording are there already. */
  static async isDone(dir: string, name: string): Promise<boolean> {
    return (await stat(join(dir, name, RESULT_FILES.summary)).catch(() => undefined)) !== undefined;
  }

  /**
   * Begins a folder; what an earlier attempt left of it is dropped.
   * @param name path within `dir`
   * @throws FlinchError REPORT_UNWRITABLE
   */
  static async begin(dir: string, name: string): Promise<ResultFolder> {
    const path = join(dir, name);
    const folder = new ResultFolder(path, join(dirname(path), `.${basename(path)}.partial`));
    await folder.attempt(async () => {
      await rm(folder.partial, { recursive: true, force: true });
      makeFolder(folder.partial);
    });
    return folder;
  }

  /** A file of lines in the folder. */
  lines(name: LinesFile): (line: string) => void {
    const stream = createWriteStream(join(this.partial, RESULT_FILES[name]));
    stream.on("error", (error) => {
      this.failure ??= error;
    });
    this.streams.push(stream);
    return (line) => void stream.write(`${line}\n`);
  }

  /**
   * Writes the summary, and after it whatever else there is to be; then puts the folder in the place of what stood there.
   * @param more writes into the folder at this path
   * @throws FlinchError REPORT_UNWRITABLE; what stood there is left as it was
   */
  async finish(summary: object, more: (folder: string) => Promise<void> = async () => undefined): Promise<void> {
    await this.attempt(async () => {
      await this.close();
      if (this.failure !== undefined) throw this.failure;
      await writeFile(join(this.partial, RESULT_FILES.summary), `${JSON.stringify(summary, undefined, 2)}\n`);
      await more(this.partial);
      await syncAll(this.partial);
      await this.replace();
    });
  }

  private async replace(): Promise<void> {
    const old = join(dirname(this.path), `.${basename(this.path)}.old`);
    await rm(old, { recursive: true, force: true });
    // A folder cannot take the place of one that holds something.
    await rename(this.path, old).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== "ENOENT") throw thrown;
    });
    await rename(this.partial, this.path);
    await rm(old, { recursive: true, force: true });
    await syncFolder(dirname(this.path));
  }

  /** Drops what has been written. */
  async drop(): Promise<void> {
    await this.close();
    await rm(this.partial, { recursive: true, force: true });
  }

  private async close(): Promise<void> {
    await Promise.all(
      this.streams.splice(0).map(async (stream) => {
        if (stream.destroyed) return;
        stream.end();
        // What fails here has been noted by its listener.
        await once(stream, "close").catch(() => undefined);
      }),
    );
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      await rm(this.partial, { recursive: true, force: true }).catch(() => undefined);
      if (thrown instanceof FlinchError) throw thrown;
      const where = dirname(this.path);
      throw new FlinchError("REPORT_UNWRITABLE", `--out '${where}' cannot be written: ${whyDisk(thrown)}`, {
        cause: thrown,
      });
    }
  }
}

/** Brings a folder's files onto the disk: a rename alone may leave them empty after a power cut. */
async function syncAll(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = await open(join(folder, name), "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
