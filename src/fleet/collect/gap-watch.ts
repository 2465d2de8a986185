import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../../lib/errors.js";
import type { Logger } from "../../lib/logger.js";
import { gapsBetween } from "./gaps.js";
import type { StoreKeeper } from "./store-keeper.js";

/** Most gaps that are told one by one at a time. */
const MOST_TOLD = 20;

/** Looks for new gaps until `stop`, and logs each when it has been one for `graceS` seconds. */
export async function watchGaps(keeper: StoreKeeper, graceS: number, logger: Logger, stop: AbortSignal): Promise<void> {
  const graceMs = graceS * 1000;
  // What came shortly before this start, nobody may have told.
  let after = new Date(Date.now() - 2 * graceMs);
  while (!stop.aborted) {
    await sleep(Math.max(graceMs / 2, 500), undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted || !keeper.works) continue;
    const before = new Date(Date.now() - graceMs);
    try {
      const gaps = await keeper.use((store) => gapsBetween(store, after, before), stop);
      for (const { device, firstMissing, lastMissing, missing } of gaps.slice(0, MOST_TOLD)) {
        const numbers = missing === 1 ? `event ${firstMissing} is` : `events ${firstMissing} to ${lastMissing} are`;
        logger.warn({ device, firstMissing, lastMissing }, `collect: ${device}: ${numbers} missing`);
      }
      const untold = gaps.length - MOST_TOLD;
      if (untold > 0) logger.warn({ gaps: untold }, `collect: ${untold} more gaps; flinch collect --gaps lists them`);
      after = before;
    } catch (thrown) {
      if (!stop.aborted) logger.error({ reason: reasonOf(thrown) }, "collect: gaps could not be looked for");
    }
  }
}
