/** A database whose pages contradict each other. */
export class CorruptDatabase extends Error {}

function codeOf(thrown: unknown): number {
  const code = thrown instanceof Error && "errcode" in thrown ? thrown.errcode : undefined;
  // The low byte is the kind of failure, the others tell which one of its kind.
  return typeof code === "number" ? code & 0xff : 0;
}

/** Another process has the database open: SQLite's code BUSY. */
export function isInUse(thrown: unknown): boolean {
  return codeOf(thrown) === 5;
}

/** The disk has no room: SQLite's code FULL. */
export function isFull(thrown: unknown): boolean {
  return codeOf(thrown) === 13;
}

/** A row does not fit its table: SQLite's code CONSTRAINT. */
export function isRefusedRow(thrown: unknown): boolean {
  return codeOf(thrown) === 19;
}

/** The database is no database, or a damaged one: what SQLite says with its codes CORRUPT and NOTADB. */
export function isCorrupt(thrown: unknown): boolean {
  return thrown instanceof CorruptDatabase || [11, 26].includes(codeOf(thrown));
}
