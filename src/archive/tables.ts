import { eventTable } from "./event-table.js";
import { labelTable } from "./label-table.js";
import { movementTable } from "./movement-table.js";
import type { Recording } from "./recording.js";
import { signalTable } from "./signal-table.js";
import type { Described, Table } from "./table.js";

export type TableName = "events" | "movements" | "labels" | "signals";

/** A table of any rows: whoever writes it reads no row but through its columns. */
export type AnyTable = Table<unknown>;

const asAny = <Row>(table: Table<Row>): AnyTable => table as unknown as AnyTable;

/** What a recording has of each table; undefined where it has none. */
export async function tableOf(recording: Recording, name: TableName): Promise<AnyTable | undefined> {
  const { labels, signals } = recording;
  switch (name) {
    case "events":
      return asAny(await eventTable(recording));
    case "movements":
      return asAny(await movementTable(recording));
    case "labels":
      return labels && asAny(labelTable(recording, labels));
    case "signals":
      return signals && asAny(await signalTable(recording, signals));
  }
}

/** Tables that a recording has. */
export const tablesIn = ({ labels, signals }: Recording): TableName[] => [
  "events",
  "movements",
  ...(labels ? (["labels"] as const) : []),
  ...(signals ? (["signals"] as const) : []),
];

/** Stands for each region in the dictionary: their names would take reading all signals. */
const EACH_REGION = "<region>";

/** What every column of every table holds, and in what unit. */
export async function dictionaryOf(recording: Recording): Promise<{ table: string; columns: readonly Described[] }[]> {
  const { signals, ...rest } = recording;
  const described = signals ? { ...rest, signals: { ...signals, regions: async () => [EACH_REGION] } } : rest;
  const tables = await Promise.all(tablesIn(described).map((name) => tableOf(described, name)));
  return tables.flatMap((table) => (table ? [{ table: table.name, columns: table.columns }] : []));
}
