import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { FlinchError } from "../../lib/errors.js";
import type { Logger } from "../../lib/logger.js";
import type { Target } from "./database/index.js";
import { watchGaps } from "./gap-watch.js";
import { type Gap, listGaps } from "./gaps.js";
import { Reader, type ReaderOptions } from "./messages/index.js";
import { StoreKeeper } from "./store-keeper.js";
import { Subscriber, type SubscriberOptions } from "./subscriber.js";
import { Writer, type WriterOptions } from "./writer.js";

export interface CollectOptions {
  readonly target: Target;
  readonly subscriber: SubscriberOptions;
  readonly reader: ReaderOptions;
  readonly writer: WriterOptions;
  /** Seconds that a missing event may still come in, before it is called missing. */
  readonly graceS: number;
}

/** How long what was read may take to be stored, once we are asked to stop. */
const STOP_MS = 10_000;
const REPORT_MS = 60_000;

/**
 * Takes the events of all devices into a database until `stop`.
 * @throws FlinchError DATABASE_UNUSABLE, DATABASE_NEWER, PACKAGE_MISSING or MQTT_REFUSED where no other attempt would
 *   help
 */
export async function collect(options: CollectOptions, logger: Logger, stop: AbortSignal): Promise<void> {
  const keeper = new StoreKeeper(options.target, logger);
  const [ending, kill] = [new AbortController(), new AbortController()];
  const end = () => ending.abort();
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) end();
  let writer: Writer | undefined;
  ending.signal.addEventListener("abort", () => setTimeout(() => kill.abort(), STOP_MS).unref(), { once: true });
  try {
    const place = await keeper.use(async ({ database }) => database.place, ending.signal);
    logger.info({ to: place }, `collect: writing to ${place}`);
    const its = new Writer(keeper, new Reader(options.reader), options.writer, logger);
    writer = its;
    const subscriber = new Subscriber(options.subscriber, (taken) => its.take(taken), logger);
    const written = its.run(ending.signal, kill.signal).finally(end);
    // Whichever fails ends the others, and is what is told.
    await Promise.all([
      written,
      subscriber.run(ending.signal, written).finally(end),
      watchGaps(keeper, options.graceS, logger, ending.signal),
      report(its, logger, ending.signal),
    ]);
    logger.info({ ...its.counts }, "collect: stopped; what was read is stored");
  } catch (thrown) {
    if (!stop.aborted) throw thrown;
    logger.warn({ ...writer?.counts }, "collect: stopped before all was stored; the broker has the rest");
  } finally {
    end();
    await keeper.close();
  }
}

/** Says now and then how much there was. */
async function report(writer: Writer, logger: Logger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await sleep(REPORT_MS, undefined, { signal: stop }).catch(() => undefined);
    if (!stop.aborted) logger.info({ ...writer.counts }, "collect: so far");
  }
}

/**
 * The gaps in a database, of events that have been missing for `graceS` seconds.
 * @throws FlinchError DATABASE_UNUSABLE, DATABASE_NEWER or PACKAGE_MISSING
 */
export async function gapsIn(target: Target, graceS: number, logger: Logger, stop: AbortSignal): Promise<Gap[]> {
  // DuckDB would make one.
  if (target.kind === "duckdb" && !existsSync(target.file))
    throw new FlinchError(
      "DATABASE_UNUSABLE",
      `there is no file ${target.file}; name the one that flinch collect writes`,
    );
  const keeper = new StoreKeeper(target, logger);
  try {
    return await keeper.use((store) => listGaps(store, new Date(Date.now() - graceS * 1000)), stop);
  } finally {
    await keeper.close();
  }
}
