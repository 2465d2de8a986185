import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parse } from "csv-parse/sync";
import { FlinchError, reasonOf } from "../lib/errors.js";

/** What somebody wrote down about a recording, by column: `participant`, `session`, … */
export type Metadata = Readonly<Record<string, string>>;

/** The column that says which recording a row is of. */
const FILE = "file";

/** A table of what is known of each recording. */
export class Sidecar {
  private constructor(
    private readonly path: string,
    private readonly rows: ReadonlyMap<string, Metadata>,
  ) {}

  /**
   * Reads a CSV with a header; its column `file` has a recording's place in its folder, or its file name.
   * @throws FlinchError METADATA_UNREADABLE
   */
  static async read(path: string): Promise<Sidecar> {
    let records: Record<string, string>[];
    try {
      records = parse(await readFile(path), { columns: true, bom: true, trim: true, skip_empty_lines: true });
    } catch (thrown) {
      throw unreadable(path, reasonOf(thrown), thrown);
    }
    const rows = new Map<string, Metadata>();
    for (const [i, { [FILE]: file, ...metadata }] of records.entries()) {
      if (file === undefined || file === "")
        throw unreadable(path, `row ${i + 1} names no recording in the column '${FILE}'`);
      const key = file.replaceAll("\\", "/");
      if (rows.has(key)) throw unreadable(path, `'${file}' has two rows`);
      rows.set(key, metadata);
    }
    return new Sidecar(path, rows);
  }

  /**
   * What is known of each recording, empty for one without a row.
   * @throws FlinchError METADATA_UNREADABLE for a row by file name that fits several recordings
   */
  of(places: readonly string[]): Metadata[] {
    const byName = new Map<string, number>();
    for (const place of places) byName.set(basename(place), (byName.get(basename(place)) ?? 0) + 1);
    return places.map((place) => {
      const exact = this.rows.get(place);
      if (exact !== undefined) return exact;
      const named = this.rows.get(basename(place));
      if (named !== undefined && (byName.get(basename(place)) ?? 0) > 1)
        throw unreadable(
          this.path,
          `'${basename(place)}' may be several recordings: write its folder before it, as in '${place}'`,
        );
      return named ?? {};
    });
  }

  /** Rows that are of none of these recordings. */
  without(places: readonly string[]): string[] {
    const known = new Set(places.flatMap((place) => [place, basename(place)]));
    return [...this.rows.keys()].filter((file) => !known.has(file));
  }
}

function unreadable(path: string, why: string, cause?: unknown): FlinchError {
  return new FlinchError("METADATA_UNREADABLE", `--metadata '${path}': ${why}`, { cause });
}
