import { SingleBar } from "cli-progress";
import type { Log } from "../lib/log.js";
import type { Job, Outcome } from "./job.js";

const LINE_EVERY_MS = 30_000;

/** How far a run has come. */
interface Reached {
  /** Recordings that are done, and how many there are. */
  readonly done: number;
  readonly all: number;
  /** Of the recordings' own time, milliseconds. */
  readonly analysedMs: number;
  readonly wholeMs: number;
}

/** Tells a person how far a run is: a bar on a terminal, a line now and then elsewhere. */
export class ProgressTeller {
  private readonly beganMs = performance.now();
  private readonly under = new Map<Job, number>();
  private done = 0;
  private analysedMs = 0;
  /** Results that were there already: they say nothing about how fast this goes. */
  private keptMs = 0;
  private toldMs = performance.now();
  private readonly wholeMs: number;
  private readonly bar: SingleBar | undefined;

  /** @param lengths of the recordings, milliseconds */
  constructor(
    private readonly lengths: ReadonlyMap<Job, number>,
    private readonly log: Log,
    terminal: NodeJS.WriteStream | undefined,
  ) {
    this.wholeMs = [...lengths.values()].reduce((sum, length) => sum + length, 0);
    if (terminal?.isTTY !== true) return;
    const format = "{bar} {percentage} %  {done} of {all} recordings  {rate} × real time  {left}";
    this.bar = new SingleBar({ stream: terminal, format, hideCursor: true, barsize: 24, etaBuffer: 1, fps: 4 });
    this.bar.start(this.wholeMs, 0, this.words());
  }

  onProgress(job: Job, timeMs: number): void {
    this.under.set(job, timeMs);
    this.tell(false);
  }

  onOutcome(job: Job, outcome: Outcome): void {
    this.under.delete(job);
    this.done++;
    const length = this.lengths.get(job) ?? 0;
    this.analysedMs += length;
    if (outcome.state === "kept") this.keptMs += length;
    this.logOutcome(job, outcome);
    this.tell(true);
  }

  end(): void {
    this.bar?.stop();
  }

  private reached(): Reached {
    const under = [...this.under.values()].reduce((sum, timeMs) => sum + timeMs, 0);
    return {
      done: this.done,
      all: this.lengths.size,
      analysedMs: Math.min(this.wholeMs, this.analysedMs + under),
      wholeMs: this.wholeMs,
    };
  }

  private words(): Record<string, string | number> {
    const { done, all, analysedMs, wholeMs } = this.reached();
    const rate = (analysedMs - this.keptMs) / Math.max(1, performance.now() - this.beganMs);
    const left = rate > 0 ? `${clock((wholeMs - analysedMs) / rate)} left` : "";
    return { done, all, rate: rate.toFixed(1), left };
  }

  private tell(always: boolean): void {
    const words = this.words();
    if (this.bar) {
      this.bar.update(Math.round(this.reached().analysedMs), words);
      return;
    }
    if (always || performance.now() - this.toldMs < LINE_EVERY_MS) return;
    this.toldMs = performance.now();
    this.log.info(
      words,
      `${words["done"]} of ${words["all"]} recordings, ${words["rate"]} × real time, ${words["left"]}`,
    );
  }

  private logOutcome({ path, name }: Job, outcome: Outcome): void {
    // A bar has a line of its own; what failed stands in the table at the end.
    if (this.bar) return;
    if (outcome.state === "failed") this.log.error({ video: path, reason: outcome.why }, "not analysed");
    else if (outcome.state === "kept") this.log.info({ video: path, name }, `${name} has results already`);
    else {
      const { events, coverage, cut } = outcome.summary;
      this.log.info(
        { video: path, name, events, coverage, ...(cut !== null && { lastError: cut }) },
        `analysed: ${name}`,
      );
    }
  }
}

/** "1:02:05", "2:05". */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
