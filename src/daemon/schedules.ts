import { validateDetailed } from "node-cron";
import { FlinchError } from "../lib/errors.js";
import { DueTimes } from "./due-times.js";

export interface ScheduleOptions {
  /** What runs: for messages, for example "heartbeat". */
  readonly name: string;
  /** Five fields, or six with seconds first. */
  readonly expression: string;
  /** An IANA name, for example Europe/Berlin. */
  readonly timezone: string;
  readonly run: () => void | Promise<void>;
  /** Told what a run threw; a failed run never ends the schedule. */
  readonly onError: (error: unknown) => void;
}

export interface Schedule {
  /** No run begins after this; one that is going on goes on. May be called twice. */
  stop(): void;
}

function check(options: ScheduleOptions): void {
  const { name, expression, timezone } = options;
  const judged = validateDetailed(expression);
  if (!judged.valid) {
    const why = judged.errors[0]?.message ?? "not a cron expression";
    throw new FlinchError("CONFIG_INVALID", `schedule.${name} '${expression}' is no cron expression: ${why}`);
  }
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch (cause) {
    const message = `schedule.timezone '${timezone}' is no time zone; give an IANA name, for example Europe/Berlin`;
    throw new FlinchError("CONFIG_INVALID", message, { cause });
  }
}

/**
 * Runs something at the times of a cron expression, never twice at once. It looks at the clock again and again in place
 * of waiting for the next time, so that a clock that is set, by however much, costs nothing. Throws CONFIG_INVALID.
 */
export function startSchedule(options: ScheduleOptions): Schedule {
  check(options);
  const due = new DueTimes(options.expression, options.timezone);
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let stopped = false;
  const run = async () => {
    running = true;
    try {
      await options.run();
    } catch (error) {
      options.onError(error);
    } finally {
      running = false;
    }
  };
  const look = () => {
    if (due.isDue(Date.now()) && !running) void run();
    // The run may have stopped it.
    if (!stopped) wait();
  };
  const wait = () => {
    timer = setTimeout(look, due.everyMs - (Date.now() % due.everyMs)).unref();
  };
  due.isDue(Date.now());
  wait();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
