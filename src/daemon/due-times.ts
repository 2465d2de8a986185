import { createTask } from "node-cron";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** By how much a look may come late without anything being left out. */
const LATE_MS = 10 * SECOND_MS;
/** A clock that goes farther than this at once was set, and did not only change to or from summer time. */
const SET_MS = 3 * 60 * MINUTE_MS;

/** Tells the wall clock of a time zone (ms) as though it were UTC. */
function wallClock(timezone: string): (nowMs: number) => number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (nowMs) => {
    const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, Number(value)]));
    const of = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  };
}

/**
 * The times of a cron expression, by a clock that may be set.
 *
 * A clock that goes ahead makes up for no more than three hours, and a time that comes twice counts once, as cron(8) of
 * Debian has it: where it skips (or repeats) a time at which something runs, that runs once, right after (or the first
 * time); what has a star for hour or minute goes by the new time at once; and a clock that goes farther was set, and
 * nothing is made up for.
 */
export class DueTimes {
  /** How often to look, ms: the finest step of the expression. */
  readonly everyMs: number;
  private readonly matches: (wallMs: number) => boolean;
  private readonly wall: (nowMs: number) => number;
  /** Neither hour nor minute is a star. */
  private readonly fixed: boolean;
  private lastMs: number | undefined;
  /** The latest wall time that was looked at since the clock was last set. */
  private seenMs = Number.NEGATIVE_INFINITY;

  /**
   * @param expression five fields, or six with seconds first; it is one of cron
   * @param timezone an IANA name
   */
  constructor(expression: string, timezone: string) {
    const fields = expression.trim().split(/\s+/);
    this.everyMs = fields.length > 5 ? SECOND_MS : MINUTE_MS;
    this.fixed = fields.slice(-5, -3).every((field) => !field.includes("*"));
    // Never started: it only knows its times.
    const task = createTask(expression, () => undefined, { timezone: "UTC" });
    this.matches = (wallMs) => task.match(new Date(wallMs));
    this.wall = wallClock(timezone);
  }

  /** Whether something is due since the last look. @param nowMs milliseconds since the Unix epoch */
  isDue(nowMs: number): boolean {
    const wallMs = Math.floor(this.wall(nowMs) / this.everyMs) * this.everyMs;
    const fromMs = this.lastMs ?? wallMs - this.everyMs;
    const wentMs = wallMs - fromMs;
    this.lastMs = wallMs;
    if (Math.abs(wentMs) > SET_MS) this.seenMs = Number.NEGATIVE_INFINITY;
    const seenMs = this.seenMs;
    this.seenMs = Math.max(seenMs, wallMs);
    if (wentMs === 0) return false;
    if (wentMs < 0 || wentMs > SET_MS) return this.matches(wallMs) && !(this.fixed && wallMs <= seenMs);
    const makesUp = this.fixed || wentMs <= Math.max(LATE_MS, this.everyMs);
    for (let at = makesUp ? fromMs + this.everyMs : wallMs; at <= wallMs; at += this.everyMs) {
      if (this.matches(at) && !(this.fixed && at <= seenMs)) return true;
    }
    return false;
  }
}
