import { setImmediate as breath } from "node:timers/promises";
import type { Blocks } from "./recording.js";

const SIZE = 200;

/** What is in memory, block by block. */
export async function* inBlocks<T>(rows: readonly T[]): Blocks<T> & AsyncGenerator<readonly T[]> {
  for (let at = 0; at < rows.length; at += SIZE) {
    yield rows.slice(at, at + SIZE);
    await breath();
  }
}

/** What a function gives page by page, each after the last row of the one before, until there is none. */
export async function* pages<T>(
  read: (last: T | undefined, limit: number) => readonly T[],
): AsyncGenerator<readonly T[]> {
  let last: T | undefined;
  for (;;) {
    const page = read(last, SIZE);
    if (page.length > 0) yield page;
    if (page.length < SIZE) return;
    last = page.at(-1);
    await breath();
  }
}

/** The same rows in blocks of at least this many, the last one aside. */
export async function* atLeast<T>(count: number, blocks: Blocks<T>): AsyncGenerator<readonly T[]> {
  let waiting: T[] = [];
  for await (const block of blocks) {
    for (const row of block) waiting.push(row);
    if (waiting.length < count) continue;
    yield waiting;
    waiting = [];
  }
  if (waiting.length > 0) yield waiting;
}
