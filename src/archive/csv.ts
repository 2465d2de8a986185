import { stringify } from "csv-stringify/sync";
import type { Recording } from "./recording.js";
import type { Cell } from "./table.js";
import { type AnyTable, dictionaryOf } from "./tables.js";

/**
 * What a spreadsheet would take for a formula (OWASP, CSV injection): at the start of a cell, and after what may start
 * a new one where somebody's spreadsheet does not split at commas.
 */
const FORMULA = /(^|[;\t\r\n])(\s*)(?=[=+\-@＝＋－＠])|^(?=[\t\r])/g;

const guarded = (text: string): string => text.replace(FORMULA, "$1$2'");

/** RFC 4180, lines ended by a line feed; an empty cell is what is not known. */
const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { cast: { string: guarded } },
  );

/** A table as CSV, with a header. */
export async function* tableAsCsv({ columns, rows }: AnyTable): AsyncGenerator<string> {
  yield csvOf([columns.map(({ name }) => name)]);
  for await (const block of rows()) yield csvOf(block.map((row) => columns.map(({ of }) => of(row))));
}

/** What every column of the tables holds, and in what unit. */
export async function* dictionaryAsCsv(recording: Recording): AsyncGenerator<string> {
  yield csvOf([["table", "column", "kind", "unit", "meaning"]]);
  for (const { table, columns } of await dictionaryOf(recording))
    yield csvOf(columns.map(({ name, kind, unit, about }) => [table, name, kind, unit, about]));
}
