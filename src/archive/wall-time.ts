import type { KeptMovement } from "../history/index.js";
import type { WallClock } from "./recording.js";

/** Marks of a movement, milliseconds of the stream. */
interface Marks {
  readonly onsetMs?: number | null | undefined;
  readonly apexMs?: number | null | undefined;
  readonly offsetMs?: number | null | undefined;
}

/**
 * The wall clock at the zero of the stream in which a movement was seen, milliseconds since the Unix epoch. An event
 * says three of its times in whole milliseconds: the latest zero that they allow gives back each of them.
 */
export function streamZero({ atMs, movement, event }: KeptMovement): number {
  if (event === null) return atMs - movement.apexMs;
  const { onsetAt, apexAt, offsetAt, onsetMs, apexMs, offsetMs } = event;
  return Math.max(Date.parse(onsetAt) - onsetMs, Date.parse(apexAt) - apexMs, Date.parse(offsetAt) - offsetMs);
}

const isoOf = (ms: number | null | undefined, zeroMs: number): string | null =>
  // Half a microsecond makes good what the subtraction of large numbers loses.
  ms === null || ms === undefined ? null : new Date(ms + zeroMs + 5e-4).toISOString();

/** Marks on the wall clock. */
export function wallClock({ onsetMs, apexMs, offsetMs }: Marks, zeroMs: number): WallClock {
  return { onsetAt: isoOf(onsetMs, zeroMs), apexAt: isoOf(apexMs, zeroMs), offsetAt: isoOf(offsetMs, zeroMs) };
}

/** Time of the stream as time from another zero, to the microsecond. */
export const shifted = (ms: number, byMs: number): number => Math.round((ms + byMs) * 1000) / 1000;

/** Marks counted from another zero; a mark that is missing stays missing. */
export function shiftedMarks<M extends Marks>(marks: M, byMs: number): M {
  const moved = Object.entries({ onsetMs: marks.onsetMs, apexMs: marks.apexMs, offsetMs: marks.offsetMs });
  const known = moved.filter((mark): mark is [string, number] => typeof mark[1] === "number");
  return { ...marks, ...Object.fromEntries(known.map(([name, ms]) => [name, shifted(ms, byMs)])) };
}
