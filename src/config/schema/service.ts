import { validate } from "node-cron";
import { choice, flag, judgedText } from "../kinds.js";

const live = { remote: true, live: true } as const;

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const cron = "a cron expression of five fields, or six with seconds first";

export const log = {
  level: choice({ doc: "Least severe message that is logged.", default: "info", ...live }, [
    "fatal",
    "error",
    "warn",
    "info",
    "debug",
    "trace",
    "silent",
  ]),
};

export const schedule = {
  heartbeat: judgedText({ doc: "When the state is published.", default: "*/30 * * * * *", ...live }, cron, validate),
  retention: judgedText(
    { doc: "When what has been kept long enough is deleted.", default: "17 3 * * *" },
    cron,
    validate,
  ),
  timezone: judgedText(
    { doc: "Time zone of the schedules.", default: "UTC" },
    "a time zone by its IANA name, for example Europe/Berlin",
    isTimezone,
  ),
};

export const ops = {
  watchdog: flag({ doc: "Answer systemd's watchdog, where the unit sets one.", default: true }),
};
