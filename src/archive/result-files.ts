/** The files of a folder of results, as `flinch analyze --out` writes them and `flinch export` reads them. */
export const RESULT_FILES = {
  summary: "summary.json",
  events: "events.ndjson",
  movements: "movements.ndjson",
  signals: "signals.ndjson",
} as const;

/** A file of one JSON object a line. */
export type LinesFile = Exclude<keyof typeof RESULT_FILES, "summary">;
