import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { flinchVersion } from "../lib/package-version.js";
import { atLeast } from "./blocks.js";
import type { Cell, Kind } from "./table.js";
import type { AnyTable } from "./tables.js";

type Type = Omit<SchemaElement, "name">;

/** Each with the older way to say it beside the newer, for readers of either age. */
const TYPES: Readonly<Record<Kind, Type>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  number: { type: "DOUBLE" },
  integer: { type: "INT32" },
  time: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
};

/** Rows that are written at once: more would keep a daemon from its camera for longer than a few frames. */
const GROUP = 2000;

/** A table as Apache Parquet (Snappy), row group by row group; the file's metadata holds the data dictionary. */
export async function* tableAsParquet({ name, columns, rows }: AnyTable): AsyncGenerator<Uint8Array> {
  const schema = columns.map(({ name, kind }) => ({ name, repetition_type: "OPTIONAL" as const, ...TYPES[kind] }));
  const dictionary = columns.map((column) => ({ name: column.name, unit: column.unit, meaning: column.about }));
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: "root", num_children: schema.length }, ...schema],
    createdBy: `flinch ${flinchVersion()}`,
    kvMetadata: [{ key: "flinch", value: JSON.stringify({ table: name, columns: dictionary }) }],
  });
  for await (const group of atLeast(GROUP, rows())) {
    const columnData = columns.map(({ name, kind, of }) => ({
      name,
      data: group.map((row) => typed(of(row), kind)),
    }));
    await parquet.write({ columnData, rowGroupSize: group.length });
    yield taken(writer);
  }
  await parquet.finish();
  yield taken(writer);
}

const typed = (cell: Cell, kind: Kind): Cell | Date => (kind === "time" && cell !== null ? new Date(cell) : cell);

/** What has been written so far, which is forgotten: offsets in the file go on. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
