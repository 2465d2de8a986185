import type { Ending } from "../../archive/index.js";

/** What each file of an export is for. */
export const FILE_KINDS: Readonly<Record<Ending, string>> = {
  "events.csv": "Events, a table for R, SPSS or a spreadsheet",
  "movements.csv": "All that was noticed",
  "labels.csv": "Labels",
  "columns.csv": "What the columns mean, with units",
  "events.parquet": "Events, for DuckDB, pandas or R",
  "movements.parquet": "All that was noticed",
  "labels.parquet": "Labels",
  "signals.parquet": "Signals around every movement, at full rate",
  eaf: "An ELAN document",
  srt: "Subtitles",
  json: "Everything, as JSON",
};
