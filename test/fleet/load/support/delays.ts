import type { StoredBatch } from "./load-collector.js";

/** Milliseconds from publishing to the commit of the row, of those whose commit is known. */
export interface Delays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Rows whose collector was killed between the commit and its line in the log. */
  readonly unknown: number;
}

/** The commit of what came at this time: the latest of the batches that may have it. */
function commitOf(receivedUs: number, collectors: readonly (readonly StoredBatch[])[]): number | undefined {
  let found: number | undefined;
  for (const batches of collectors) {
    let [low, high] = [0, batches.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((batches[middle]?.fromUs ?? 0) <= receivedUs) low = middle;
      else high = middle - 1;
    }
    const batch = batches[low];
    if (batch === undefined || receivedUs < batch.fromUs || receivedUs > batch.toUs) continue;
    found = Math.max(found ?? 0, batch.atUs);
  }
  return found;
}

/** @param rows when each was published and received, in microseconds */
export function delaysOf(
  rows: readonly { readonly publishedUs: number; readonly receivedUs: number }[],
  collectors: readonly (readonly StoredBatch[])[],
): Delays {
  const sorted = collectors.map((batches) => [...batches].sort((a, b) => a.fromUs - b.fromUs));
  const delays: number[] = [];
  for (const { publishedUs, receivedUs } of rows) {
    const atUs = commitOf(receivedUs, sorted);
    if (atUs !== undefined) delays.push((atUs - publishedUs) / 1000);
  }
  delays.sort((a, b) => a - b);
  const at = (share: number) => Math.round(delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1), unknown: rows.length - delays.length };
}
