import type { Recording } from "./recording.js";
import { type TableName, tableOf, tablesIn } from "./tables.js";

/** What a file holds, piece by piece. */
export type Content = AsyncIterable<string | Uint8Array>;

interface FileKind {
  readonly format: ExportFormat;
  readonly type: string;
  /** Loads what it needs: `flinch analyze` writes results without it. */
  readonly content: (recording: Recording) => Content;
  /** The table without which there is no such file. */
  readonly table?: TableName;
}

export const exportFormats = ["csv", "json", "parquet", "eaf", "srt"] as const;
export type ExportFormat = (typeof exportFormats)[number];

const csv = (table: TableName): FileKind => ({
  format: "csv",
  type: "text/csv; charset=utf-8",
  table,
  async *content(recording) {
    const { tableAsCsv } = await import("./csv.js");
    const found = await tableOf(recording, table);
    if (found) yield* tableAsCsv(found);
  },
});

const parquet = (table: TableName): FileKind => ({
  format: "parquet",
  type: "application/vnd.apache.parquet",
  table,
  async *content(recording) {
    const { tableAsParquet } = await import("./parquet.js");
    const found = await tableOf(recording, table);
    if (found) yield* tableAsParquet(found);
  },
});

/** Every file, by the end of its name. */
const FILES = {
  "events.csv": csv("events"),
  "movements.csv": csv("movements"),
  "labels.csv": csv("labels"),
  "columns.csv": {
    format: "csv",
    type: "text/csv; charset=utf-8",
    async *content(recording) {
      yield* (await import("./csv.js")).dictionaryAsCsv(recording);
    },
  },
  json: {
    format: "json",
    type: "application/json; charset=utf-8",
    async *content(recording) {
      yield* (await import("./json.js")).recordingAsJson(recording);
    },
  },
  "events.parquet": parquet("events"),
  "movements.parquet": parquet("movements"),
  "labels.parquet": parquet("labels"),
  "signals.parquet": parquet("signals"),
  eaf: {
    format: "eaf",
    type: "application/xml; charset=utf-8",
    async *content(recording) {
      yield* (await import("./eaf.js")).elanOf(recording, new Date());
    },
  },
  srt: {
    format: "srt",
    type: "application/x-subrip; charset=utf-8",
    async *content(recording) {
      yield* (await import("./srt.js")).subtitlesOf(recording);
    },
  },
} as const satisfies Readonly<Record<string, FileKind>>;

/** The end of a file's name, after the recording's. */
export type Ending = keyof typeof FILES;

export const endings = Object.keys(FILES) as readonly Ending[];

/** The files that a recording makes in a format. */
export function endingsOf(recording: Recording, format: ExportFormat): Ending[] {
  const tables = tablesIn(recording);
  return endings.filter((ending) => {
    const { format: its, table }: FileKind = FILES[ending];
    return its === format && (table === undefined || tables.includes(table));
  });
}

/** A file of a recording: what it is to a browser, and what it holds. Reading it throws what reading a recording does. */
export function exportFile(recording: Recording, ending: Ending): { readonly type: string; readonly content: Content } {
  const { type, content }: FileKind = FILES[ending];
  return { type, content: content(recording) };
}
