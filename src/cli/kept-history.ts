import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/index.js";
import { History } from "../history/history.js";
import { FlinchError } from "../lib/errors.js";
import { createLog } from "../lib/log.js";
import { isInUse } from "../lib/sqlite-failure.js";

const MB = 1_000_000;

/**
 * Opens the history that a daemon with this configuration has kept.
 * @throws FlinchError HISTORY_UNKNOWN where there is none, HISTORY_UNWRITABLE where a daemon is at work with it, or it
 *   cannot be read
 */
export function openKeptHistory({ outbox: { directory }, console, log }: Config): History {
  // Opening would make one.
  if (!existsSync(join(directory, "history.db"))) {
    const how = "give --config FILE or --outbox.directory=DIR of a daemon that has a console";
    throw new FlinchError("HISTORY_UNKNOWN", `there is no history in ${directory} (no history.db): ${how}`);
  }
  try {
    return History.open({ directory, log: createLog(log.level), maxBytes: console.historyMaxMb * MB });
  } catch (thrown) {
    if (!(thrown instanceof FlinchError) || !isInUse(thrown.cause)) throw thrown;
    const how = "end the daemon first (its console exports, too)";
    throw new FlinchError("HISTORY_UNWRITABLE", `a daemon is at work with the history in ${directory}: ${how}`, {
      cause: thrown,
    });
  }
}
