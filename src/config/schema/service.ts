import { validate } from "node-cron";
import { choice, flag, integer, judgedText } from "../kinds.js";
import { remoteLive } from "./effects.js";

function isTimezone(name: string): boolean {
  // The default; asking Intl for the first time takes longer than all else that a short command does.
  if (name === "UTC") return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const cron = "a cron expression of five fields, or six with seconds first";
const minutes = "a cron expression of five fields, or empty";

/** True for nothing, and for a cron expression that does not look at seconds. */
function isMinutes(expression: string): boolean {
  return expression === "" || (expression.trim().split(/\s+/).length === 5 && validate(expression));
}

export const log = {
  level: choice({ doc: "Least severe message that is logged.", default: "info", ...remoteLive }, [
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
  heartbeat: judgedText(
    { doc: "When the state is published.", default: "*/30 * * * * *", ...remoteLive },
    cron,
    validate,
  ),
  retention: judgedText(
    { doc: "When data past its retention period is deleted.", default: "17 3 * * *" },
    cron,
    validate,
  ),
  summary: judgedText(
    { doc: "When the daily summary, counted since the previous one, is sent.", default: "0 0 * * *" },
    cron,
    validate,
  ),
  recording: {
    start: judgedText(
      {
        doc: "When the source is opened, for example 0 8 * * 1-5; if both it and stop are empty, the source is always open. Outside these hours no frame is captured.",
        default: "",
      },
      minutes,
      isMinutes,
    ),
    stop: judgedText({ doc: "When the source is closed, for example 0 18 * * *.", default: "" }, minutes, isMinutes),
  },
  timezone: judgedText(
    { doc: "Time zone of the schedules.", default: "UTC" },
    "a time zone by its IANA name, for example Europe/Berlin",
    isTimezone,
  ),
};

export const ops = {
  watchdog: flag({ doc: "Answer systemd's watchdog, if the unit sets one.", default: true }),
  restartMinUptimeS: integer(
    {
      doc: "A restart requested over MQTT is refused for this long after the start: systemd gives up on a service that starts too often.",
      default: 75,
      unit: "s",
    },
    { min: 0, max: 86_400 },
  ),
};
