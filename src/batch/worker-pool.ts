import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type ErrorCode, FlinchError } from "../lib/errors.js";
import type { Job, Outcome, RunOptions } from "./job.js";
import type { FromWorker, ToWorker } from "./messages.js";

const WORKER = new URL("./worker.js", import.meta.url);
/** For so long a worker may take to drop what it has begun. */
const STOP_MS = 10_000;

export interface PoolListener {
  onProgress(job: Job, timeMs: number): void;
  onOutcome(job: Job, outcome: Outcome): void;
}

/**
 * Analyses jobs in so many processes. A process that a recording kills costs that recording alone: another takes its
 * place.
 * @throws FlinchError where nothing can be analysed, or no results be written; what is under way is dropped
 */
export async function runPool(
  jobs: readonly Job[],
  workers: number,
  options: RunOptions,
  listener: PoolListener,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...jobs];
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal]);
  const lane = async () => {
    let worker: Worker | undefined;
    try {
      for (let job = waiting.shift(); job !== undefined && !stop.aborted; job = waiting.shift()) {
        worker ??= new Worker(options, stop);
        const { outcome, alive } = await worker.analyse(job, listener);
        listener.onOutcome(job, outcome);
        if (!alive) worker = undefined;
      }
    } catch (thrown) {
      ending.abort();
      throw thrown;
    } finally {
      await worker?.end();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(workers, jobs.length) }, lane));
  for (const lane of ended) if (lane.status === "rejected") throw lane.reason;
}

class Worker {
  private readonly child: ChildProcess;
  private readonly stopped = () => {
    this.send({ kind: "stop" });
    setTimeout(() => this.child.kill("SIGKILL"), STOP_MS).unref();
  };

  constructor(
    options: RunOptions,
    private readonly stop: AbortSignal,
  ) {
    this.child = fork(WORKER, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.child.on("error", () => undefined);
    this.send({ kind: "open", options });
    stop.addEventListener("abort", this.stopped);
  }

  /** @throws FlinchError as the worker met it */
  analyse(job: Job, listener: PoolListener): Promise<{ outcome: Outcome; alive: boolean }> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        this.child.off("message", heard);
        this.child.off("exit", gone);
        settle();
      };
      const heard = (raw: unknown) => {
        const message = raw as FromWorker;
        if (message.kind === "progress") listener.onProgress(job, message.timeMs);
        else if (message.kind === "outcome") done(() => resolve({ outcome: message.outcome, alive: true }));
        else done(() => reject(new FlinchError(message.code as ErrorCode, message.why)));
      };
      const gone = (code: number | null, signal: string | null) => {
        const why = `the process that analysed it ended by itself (${signal ?? `exit status ${code}`})`;
        done(() => resolve({ outcome: { state: "failed", why }, alive: false }));
      };
      this.child.on("message", heard);
      this.child.on("exit", gone);
      this.send({ kind: "job", job });
    });
  }

  async end(): Promise<void> {
    this.stop.removeEventListener("abort", this.stopped);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    if (this.child.connected) this.child.disconnect();
    await exited;
  }

  private send(message: ToWorker): void {
    // One that has just ended is noticed by its exit.
    if (this.child.connected) this.child.send(message, () => undefined);
  }
}
