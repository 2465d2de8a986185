const digits = 15;
const eventName = new RegExp(`^(\\d{${digits}})\\.json$`);
const markName = new RegExp(`^last-(\\d{${digits}})$`);

/** The file of an event; names sort as their numbers do. */
export function eventFile(sequence: number): string {
  return `${String(sequence).padStart(digits, "0")}.json`;
}

/**
 * The empty file whose name is the highest sequence number that may have been seen outside. Renaming it is atomic and
 * needs no room on a full disk, unlike writing a counter.
 */
export function markFile(sequence: number): string {
  return `last-${String(sequence).padStart(digits, "0")}`;
}

/** What a spool's directory holds, in ascending order. */
export function sortNames(names: readonly string[]): { readonly events: number[]; readonly marks: number[] } {
  const numbers = (pattern: RegExp) =>
    names
      .map((name) => pattern.exec(name)?.[1])
      .filter((found) => found !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  return { events: numbers(eventName), marks: numbers(markName) };
}
