import { readdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { syncDirectory } from "../lib/disk.js";
import { setFileAside } from "../lib/set-aside.js";
import type { StoredEvent } from "./event-row.js";
import type { OutboxDatabase } from "./outbox-database.js";
import { eventIn } from "./stored-body.js";

const eventName = /^(\d{15})\.json$/;
const halfWritten = /^\d{15}\.json\.tmp$/;

/**
 * Takes over what an earlier version of Flinch left: one file an event. The files go when the database has all of
 * them; a crash on the way repeats it.
 * @returns how many there were, how many files held none, and the highest number among both
 */
export function importEventFiles(
  directory: string,
  database: OutboxDatabase,
): { readonly imported: number; readonly corrupt: number; readonly highest: number } {
  const names = readdirSync(directory);
  for (const name of names.filter((candidate) => halfWritten.test(candidate))) unlinkSync(join(directory, name));
  const good: string[] = [];
  const bad: string[] = [];
  let highest = 0;
  function* events(): Generator<StoredEvent> {
    for (const name of names.sort()) {
      const sequence = Number(eventName.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(sequence)) continue;
      highest = sequence;
      const path = join(directory, name);
      const body = readFileSync(path, "utf8");
      if (eventIn(body, sequence) === undefined) {
        bad.push(name);
        continue;
      }
      good.push(name);
      yield { sequence, storedAtMs: Math.round(statSync(path).mtimeMs), uptimeMs: 0, body };
    }
  }
  database.adopt(events());
  for (const name of bad) setFileAside(directory, name);
  for (const name of good) unlinkSync(join(directory, name));
  if (names.length > 0) syncDirectory(directory);
  return { imported: good.length, corrupt: bad.length, highest };
}
