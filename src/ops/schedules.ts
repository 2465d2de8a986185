import { createTask, validateDetailed } from "node-cron";
import { FlinchError } from "../errors.js";

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
  nextRun(): Date | undefined;
  /** No run begins after this; one that is going on goes on. May be called twice. */
  stop(): Promise<void>;
}

/** node-cron would write to standard output, which belongs to events. */
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };

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

/** Runs something at the times of a cron expression, never twice at once. Throws CONFIG_INVALID. */
export function startSchedule(options: ScheduleOptions): Schedule {
  check(options);
  const task = createTask(
    options.expression,
    async () => {
      try {
        await options.run();
      } catch (error) {
        options.onError(error);
      }
    },
    {
      name: options.name,
      timezone: options.timezone,
      noOverlap: true,
      suppressMissedWarning: true,
      unref: true,
      logger: SILENT,
    },
  );
  void task.start();
  let stopped = false;
  return {
    nextRun: () => (stopped ? undefined : (task.getNextRun() ?? undefined)),
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await task.destroy();
    },
  };
}
