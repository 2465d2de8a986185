import { queryResults } from "../archive/query.js";
import type { CommandContext } from "./command.js";

/** `flinch query`: a question in SQL about results of `flinch analyze --out`, as a table, or as CSV with `--csv`. */
export async function query({ line, output }: CommandContext): Promise<number> {
  const [root = "", ...words] = line.positionals;
  const [names = [], ...rows] = await queryResults(root, words.join(" "));
  if (line.switches.has("csv")) {
    const { stringify } = await import("csv-stringify/sync");
    output(stringify([[...names], ...rows.map((row) => [...row])]).trimEnd());
    return 0;
  }
  const widths = names.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? "").length)));
  const text = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  output(text(names));
  output(widths.map((width) => "─".repeat(width)).join("  "));
  for (const row of rows) output(text(row));
  return 0;
}
