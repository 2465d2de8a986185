import { lengthOf } from "../capture/index.js";
import { FlinchError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Job, Outcome, RunOptions } from "./job.js";
import { ProgressTeller } from "./progress.js";
import { findRecordings, type Selection } from "./recording-files.js";
import { nameResults } from "./result-names.js";
import { type Shard, shareOf } from "./shard.js";
import { Sidecar } from "./sidecar.js";
import { runPool } from "./worker-pool.js";

export interface BatchOptions extends RunOptions {
  readonly selection: Selection;
  /** Processes at once. */
  readonly jobs: number;
  readonly shard?: Shard;
  /** A CSV of what is known of each recording. */
  readonly metadata?: string;
}

/** What became of a run. */
export interface Batch {
  readonly outcomes: ReadonlyMap<Job, Outcome>;
  /** Recordings that an interruption left undone. */
  readonly left: number;
  /** Folders that could not be searched. */
  readonly unsearched: number;
}

/**
 * Analyses many recordings, each into a folder of its own.
 * @param terminal where a bar may be drawn
 * @throws FlinchError USAGE where there is nothing to analyse, METADATA_UNREADABLE, REPORT_UNWRITABLE, MODEL_…
 */
export async function runBatch(
  paths: readonly string[],
  options: BatchOptions,
  log: Log,
  signal: AbortSignal,
  terminal?: NodeJS.WriteStream,
): Promise<Batch> {
  const { files, unreadable } = await findRecordings(paths, { ...options.selection, but: options.out });
  for (const { path, why } of unreadable) log.error({ path, reason: why }, "a folder cannot be searched");
  if (files.length === 0) throw new FlinchError("USAGE", `no recording is found in ${paths.join(", ")}`);
  const named = nameResults(files);
  const places = named.map(({ place }) => place);
  const sidecar = options.metadata === undefined ? undefined : await Sidecar.read(options.metadata);
  for (const file of sidecar?.without(places) ?? [])
    log.warn({ file }, "the metadata know a recording that is not there");
  const metadata = sidecar?.of(places);
  const jobs: Job[] = named.map(({ path, place, name }, i) => ({ path, place, name, metadata: metadata?.[i] ?? {} }));
  const lengths = await lengthsOf(jobs, signal);
  const { shard } = options;
  const mine = shard
    ? shareOf(
        jobs.map((job) => ({ job, name: job.name, lengthMs: lengths.get(job) ?? 0 })),
        shard,
      ).map(({ job }) => job)
    : jobs;
  const outcomes = new Map<Job, Outcome>();
  const progress = new ProgressTeller(new Map(mine.map((job) => [job, lengths.get(job) ?? 0])), log, terminal);
  try {
    const listener = {
      onProgress: (job: Job, timeMs: number) => progress.onProgress(job, timeMs),
      onOutcome(job: Job, outcome: Outcome) {
        outcomes.set(job, outcome);
        progress.onOutcome(job, outcome);
      },
    };
    await runPool(mine, options.jobs, options, listener, signal);
  } finally {
    progress.end();
  }
  return { outcomes, left: mine.length - outcomes.size, unsearched: unreadable.length };
}

/** One that cannot be opened has no length here; why, it says when it is analysed. */
async function lengthsOf(jobs: readonly Job[], signal: AbortSignal): Promise<Map<Job, number>> {
  const lengths = new Map<Job, number>();
  for (const job of jobs) {
    if (signal.aborted) break;
    lengths.set(job, (await lengthOf(job.path).catch(() => undefined)) ?? 0);
  }
  return lengths;
}
