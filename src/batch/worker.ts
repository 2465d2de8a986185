/** A process that analyses recordings, one after the other, with models that it opens once. Its parent is worker-pool.ts. */
import { FlinchError, reasonOf } from "../lib/errors.js";
import { createLog } from "../lib/log.js";
import { type Models, openModels } from "../pipeline/index.js";
import { analyseJob } from "./analyse-job.js";
import type { RunOptions } from "./job.js";
import type { FromWorker, ToWorker } from "./messages.js";

const PROGRESS_MS = 500;

const stop = new AbortController();
let options: RunOptions | undefined;
let opened: Promise<Models> | undefined;

const tell = (message: FromWorker) => process.send?.(message);

/** Not before there is something to analyse: where all results are there, no model is needed. */
function models({ config }: RunOptions): Promise<Models> {
  opened ??= openModels(config, createLog(config.log.level));
  return opened;
}

async function take(message: ToWorker): Promise<void> {
  if (message.kind === "open") {
    options = message.options;
    return;
  }
  if (message.kind === "stop") {
    stop.abort();
    return;
  }
  if (options === undefined) return;
  const run = options;
  let told = 0;
  try {
    const outcome = await analyseJob(message.job, run, () => models(run), stop.signal, {
      onTime(timeMs) {
        const now = performance.now();
        if (now - told < PROGRESS_MS) return;
        told = now;
        tell({ kind: "progress", timeMs });
      },
    });
    tell({ kind: "outcome", outcome });
  } catch (thrown) {
    tell({ kind: "fatal", code: thrown instanceof FlinchError ? thrown.code : "UNEXPECTED", why: reasonOf(thrown) });
  }
}

process.on("message", (message) => void take(message as ToWorker));
// Ctrl-C reaches the whole group of processes: the parent says when to stop.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
// The parent is gone, and nobody will ever ask for the results.
process.on("disconnect", () => process.exit());
