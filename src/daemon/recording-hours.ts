import { createTask } from "node-cron";

export interface RecordingHoursOptions {
  /** Cron expressions of five fields: when recording begins, and when it ends. */
  readonly start: string;
  readonly stop: string;
  /** An IANA name. */
  readonly timezone: string;
}

const MINUTE_MS = 60_000;
/** A week has every weekday, and a day more for a clock that is set. */
const LOOK_BACK_MS = 8 * 24 * 60 * MINUTE_MS;

type Matches = (minuteMs: number) => boolean;

function matcher(expression: string, timezone: string): { readonly matches: Matches; readonly nextMs: () => number } {
  // Never started: it only knows its times.
  const task = createTask(expression, () => undefined, { timezone });
  return {
    matches: (minuteMs) => task.match(new Date(minuteMs)),
    nextMs: () => task.getNextRuns(1)[0]?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}

/**
 * Tells whether recording is on: whether a start or a stop was last. Asked now and then it misses neither, whatever
 * the process or the machine slept through. Where both fall on one minute it is off.
 */
export class RecordingHours {
  private readonly start;
  private readonly stop;
  private known: { readonly minuteMs: number; readonly on: boolean } | undefined;

  constructor({ start, stop, timezone }: RecordingHoursOptions) {
    this.start = matcher(start, timezone);
    this.stop = matcher(stop, timezone);
  }

  /** @param nowMs milliseconds since the Unix epoch */
  isOn(nowMs: number): boolean {
    const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    // A clock that was set, back or far ahead, makes what was known worthless.
    const sinceMs = minuteMs - (this.known?.minuteMs ?? minuteMs);
    if (sinceMs < 0 || sinceMs > LOOK_BACK_MS) this.known = undefined;
    const on = this.lastWord(minuteMs) ?? this.known?.on ?? this.stop.nextMs() < this.start.nextMs();
    this.known = { minuteMs, on };
    return on;
  }

  /** What the last start or stop says, since it was last asked; undefined where there was neither. */
  private lastWord(minuteMs: number): boolean | undefined {
    const fromMs = this.known?.minuteMs ?? minuteMs - LOOK_BACK_MS;
    for (let at = minuteMs; at > fromMs; at -= MINUTE_MS) {
      if (this.stop.matches(at)) return false;
      if (this.start.matches(at)) return true;
    }
    return undefined;
  }
}
