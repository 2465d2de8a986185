import { closeSync, openSync, readdirSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { syncDirectory } from "../lib/disk.js";
import { isMissing } from "../lib/durable-file.js";

const digits = 15;
const pattern = new RegExp(`^last-(\\d{${digits}})$`);

function fileOf(sequence: number): string {
  return `last-${String(sequence).padStart(digits, "0")}`;
}

/**
 * The highest sequence number that may have been seen outside, as the name of an empty file beside the database. It
 * is there for when the database cannot tell: a file can be renamed on a full disk, where no transaction commits, and
 * is still there when the database is corrupt.
 */
export class HighWaterMark {
  private constructor(
    private readonly directory: string,
    private mark: number,
  ) {}

  /** Reads the mark, makes it where there is none, and proves that the directory can be written. */
  static open(directory: string): HighWaterMark {
    const marks = readdirSync(directory)
      .map((name) => pattern.exec(name)?.[1])
      .filter((found) => found !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
    const highest = marks.at(-1) ?? 0;
    closeSync(openSync(join(directory, fileOf(highest)), "w", 0o600));
    for (const old of marks.slice(0, -1)) unlinkSync(join(directory, fileOf(old)));
    syncDirectory(directory);
    return new HighWaterMark(directory, highest);
  }

  get value(): number {
    return this.mark;
  }

  /** Moves the mark up to this number; it survives a power cut once this returns. A lower number changes nothing. */
  raise(sequence: number): void {
    if (sequence <= this.mark) return;
    try {
      renameSync(join(this.directory, fileOf(this.mark)), join(this.directory, fileOf(sequence)));
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
      this.make(sequence);
    }
    this.mark = sequence;
    syncDirectory(this.directory);
  }

  /** Makes the file again where somebody deleted it. */
  keep(): void {
    this.make(this.mark);
    syncDirectory(this.directory);
  }

  private make(sequence: number): void {
    closeSync(openSync(join(this.directory, fileOf(sequence)), "a", 0o600));
  }
}
