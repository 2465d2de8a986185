import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { makeFolder, whyDisk } from "../lib/disk.js";
import { FlinchError } from "../lib/errors.js";
import { type LinesFile, RESULT_FILES } from "./result-files.js";

/** The folder of results of one recording; whole or not there at all. */
export class ResultFolder {
  private readonly streams: WriteStream[] = [];
  private failure: unknown;

  private constructor(
    readonly path: string,
    private readonly partial: string,
  ) {}

  /** The name of a recording's folder: the file's, without its extension. */
  static nameOf(video: string): string {
    return basename(video, extname(video));
  }

  /** Whether results of this recording are there already. */
  static async isDone(dir: string, name: string): Promise<boolean> {
    return (await stat(join(dir, name, RESULT_FILES.summary)).catch(() => undefined)) !== undefined;
  }

  /**
   * Begins a folder; what an earlier attempt left of it is dropped.
   * @throws FlinchError REPORT_UNWRITABLE
   */
  static async begin(dir: string, name: string): Promise<ResultFolder> {
    const folder = new ResultFolder(join(dir, name), join(dir, `.${name}.partial`));
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
   * Writes the summary and puts the folder in its place.
   * @throws FlinchError REPORT_UNWRITABLE; what stood there is left as it was
   */
  async finish(summary: object): Promise<void> {
    await this.attempt(async () => {
      await this.close();
      if (this.failure !== undefined) throw this.failure;
      await writeFile(join(this.partial, RESULT_FILES.summary), `${JSON.stringify(summary, undefined, 2)}\n`);
      await rename(this.partial, this.path);
    });
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
      const where = dirname(this.path);
      throw new FlinchError("REPORT_UNWRITABLE", `--out '${where}' cannot be written: ${whyDisk(thrown)}`, {
        cause: thrown,
      });
    }
  }
}
