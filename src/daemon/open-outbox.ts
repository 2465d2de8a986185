import type { Config } from "../config/index.js";
import type { Log } from "../lib/log.js";
import { type Outbox, SqliteOutbox } from "../outbox/index.js";

const MB = 1_000_000;

/**
 * The outbox that a configuration names.
 * @throws FlinchError OUTBOX_UNWRITABLE
 */
export async function openOutbox({ outbox: { directory, maxEvents, maxMb } }: Config, log: Log): Promise<Outbox> {
  return await SqliteOutbox.open({ directory, maxEvents, maxBytes: maxMb * MB, logger: log });
}
