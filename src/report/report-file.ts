import { constants } from "node:fs";
import { access, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { whyDisk } from "../lib/disk.js";
import { FlinchError } from "../lib/errors.js";

/** A file that a result goes to, a page or a summary; whole or not at all. */
export class ReportFile {
  private constructor(
    private readonly named: string,
    private readonly path: string,
    private readonly option: string,
  ) {}

  /**
   * Proves that the file can be written, without touching what stands there.
   * @param inputs files that must not be overwritten.
   * @param option what named the file on the command line.
   * @throws FlinchError REPORT_UNWRITABLE
   */
  static async prepare(named: string, inputs: readonly string[], option = "--report"): Promise<ReportFile> {
    const refused = (why: string) => unwritable(option, named, why);
    if (named === "") throw refused("the name is empty");
    const path = await realPath(named);
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !there.isFile()) throw refused("it is no file");
    for (const input of inputs) {
      if ((await realPath(input)) === path) throw refused(`it would overwrite '${input}'`);
    }
    const file = new ReportFile(named, path, option);
    await file.attempt(async () => {
      if (there !== undefined) await access(path, constants.W_OK);
      await (await open(file.temporary, "w")).close();
      await rm(file.temporary);
    });
    return file;
  }

  /**
   * Puts the content in place of whatever stands there.
   * @throws FlinchError REPORT_UNWRITABLE; what stood there is left as it was
   */
  async write(content: string): Promise<void> {
    await this.attempt(async () => {
      const file = await open(this.temporary, "w");
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(this.temporary, this.path);
    });
  }

  /** In the same folder, because a rename does not cross file systems. */
  private get temporary(): string {
    return join(dirname(this.path), `.flinch-report-${process.pid}.tmp`);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      await rm(this.temporary, { force: true }).catch(() => undefined);
      throw unwritable(this.option, this.named, whyDisk(thrown), thrown);
    }
  }
}

function unwritable(option: string, named: string, why: string, cause?: unknown): FlinchError {
  return new FlinchError(
    "REPORT_UNWRITABLE",
    `${option} '${named}' cannot be written: ${why}; name a file in a folder that can be written`,
    { cause },
  );
}

/** Where a path leads, a last part that does not exist included. */
async function realPath(path: string): Promise<string> {
  const whole = resolve(path);
  const real = (existing: string) => realpath(existing).catch(() => undefined);
  return (await real(whole)) ?? join((await real(dirname(whole))) ?? dirname(whole), basename(whole));
}
