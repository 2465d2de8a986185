import { stringify } from "csv-stringify/sync";
import type { Cell, Column, Table } from "./columns.js";

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

const cellsOf = <Row>(columns: readonly Column<Row>[], row: Row): Cell[] => columns.map(({ of }) => of(row));

/** RFC 4180 with a header, lines ended by a line feed; an empty cell is what is not known. */
function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return stringify(
    [header, ...rows].map((row) => [...row]),
    {
      // A recording may be called anything, and a spreadsheet runs what begins like a formula.
      cast: { string: (text) => (FORMULA.test(text) ? `'${text}` : text) },
    },
  );
}

/** A table as CSV. */
export function tableAsCsv<Row>({ columns, rows }: Table<Row>): string {
  return csvOf(
    columns.map(({ name }) => name),
    rows.map((row) => cellsOf(columns, row)),
  );
}

/** A column, as far as the data dictionary goes. */
type Described = Pick<Column<never>, "name" | "unit" | "about">;

/** What every column of the tables holds, and in what unit. */
export function dictionaryAsCsv(
  tables: readonly { readonly name: string; readonly columns: readonly Described[] }[],
): string {
  const rows = tables.flatMap(({ name, columns }) =>
    columns.map((column) => [name, column.name, column.unit, column.about]),
  );
  return csvOf(["table", "column", "unit", "meaning"], rows);
}
