import { FlinchError } from "../lib/errors.js";

/**
 * A line of a file of results.
 * @param i its number, from 0
 * @throws FlinchError RESULTS_UNREADABLE naming the line
 */
export function parsedLine<T>(line: string, file: string, i: number): T {
  try {
    return JSON.parse(line) as T;
  } catch (cause) {
    throw new FlinchError("RESULTS_UNREADABLE", `'${file}', line ${i + 1}, is not JSON: is it cut off?`, { cause });
  }
}
