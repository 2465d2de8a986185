import type { State } from "../contract/index.js";

export interface ProgressWatchOptions {
  /** Has everything that is owed moved since it was last asked? */
  readonly progress: () => boolean;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

const LOOK_EVERY_MS = 2000;
/** Slow cameras and long clips stand still for moments; a hanging one does for good. */
const STALLED_MS = 15_000;

/** Knows for how long nothing has moved that should have: a question that two scrapers ask must not depend on both. */
export class ProgressWatch {
  private readonly timer: NodeJS.Timeout;
  private movedMs: number;

  constructor(private readonly options: ProgressWatchOptions) {
    this.movedMs = options.now();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  /** Looks now, beside the looks that the timer takes. */
  look(): void {
    if (this.options.progress()) this.movedMs = this.options.now();
  }

  /** Seconds for which nothing has moved, if that is too long; else undefined. */
  get stalledS(): number | undefined {
    const ms = this.options.now() - this.movedMs;
    return ms > STALLED_MS ? Math.round(ms / 1000) : undefined;
  }

  /** May be called twice. */
  stop(): void {
    clearInterval(this.timer);
  }
}

/** Why no events can be had from this device now, one line each; it names nobody and no address. */
export function notReady({ source, broker, events }: Pick<State, "source" | "broker" | "events">): string[] {
  const reasons: string[] = [];
  // A pause is on purpose. `state` exists only when the models are loaded.
  if (source.status !== "streaming" && source.status !== "paused") reasons.push(`the source is ${source.status}`);
  if (!broker.connected && events.lastError !== null)
    reasons.push("the broker is not connected, and the disk does not take events");
  return reasons;
}
