import type { Blocks, Recording, Zero } from "./recording.js";

export type Cell = string | number | null;

/** "time" is the wall clock: ISO 8601, UTC. */
export type Kind = "text" | "number" | "integer" | "time";

/** A column of a table: its name is the header, the rest goes into the data dictionary. */
export interface Column<Row> {
  readonly name: string;
  readonly kind: Kind;
  /** "" for what has none. */
  readonly unit: string;
  readonly about: string;
  /** Null where the row does not say. */
  readonly of: (row: Row) => Cell;
}

export interface Table<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: () => Blocks<Row>;
}

/** A column, as far as the data dictionary goes. */
export type Described = Omit<Column<never>, "of">;

/** Makes columns of one kind of row. */
export function columnMaker<Row>() {
  const column =
    (kind: Kind) =>
    (name: string, unit: string, about: string, of: (row: Row) => Cell): Column<Row> => ({
      name,
      kind,
      unit,
      about,
      of,
    });
  const time = column("time");
  return {
    text: (name: string, about: string, of: (row: Row) => Cell) => column("text")(name, "", about, of),
    number: column("number"),
    integer: (name: string, about: string, of: (row: Row) => Cell) => column("integer")(name, "", about, of),
    time: (name: string, about: string, of: (row: Row) => Cell) => time(name, "ISO 8601, UTC", about, of),
  };
}

/** The unit of times. */
export function fromZero({ what, at }: Zero): string {
  if (what === "recording") return "ms from the start of the recording";
  if (what === "session") return `ms from the start of the session, ${at}`;
  return `ms from ${at ?? "midnight (UTC) of the day of the first movement"}`;
}

/** Names are single words, so a space keeps them apart. */
export const spoken = (names: readonly string[]): string => names.join(" ");

/** Whose row it is, where tables of several recordings are put together. */
export function originColumns<Row>({ video, session, summary }: Recording): Column<Row>[] {
  const { text } = columnMaker<Row>();
  const { metadata = {} } = summary ?? {};
  return [
    text("video", "file name of the recording; empty for a session", () => video),
    text(
      "session",
      "id of the session, of a file as its metadata name it; empty outside of sessions",
      () => session?.session.id ?? metadata["session"] ?? null,
    ),
    text(
      "subject",
      "pseudonym of the person filmed, as the session names it, or a file's metadata (participant)",
      () => session?.session.subject ?? metadata["participant"] ?? null,
    ),
  ];
}
