import { type DestinationStream, destination, type Logger, pino } from "pino";
import { FlinchError, reasonOf } from "./errors.js";
import { redactAddress } from "./redact.js";

export type { Logger as Log } from "pino";

const STANDARD_ERROR = 2;
/** How many causes of an error are told. */
const MAX_CAUSES = 4;
const SECRET_NAMES = ["password", "passwd", "pass", "secret", "token", "authorization", "credentials"];

/** Names at the top of a record and one and two levels below it: pino's paths do not search any deeper. */
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** An error as one record: its code and message without credentials, its causes, and its stack where it is a fault of ours. */
export function describeError(thrown: unknown): Record<string, unknown> {
  const causes: string[] = [];
  let cause = thrown instanceof Error ? thrown.cause : undefined;
  while (cause !== undefined && causes.length < MAX_CAUSES) {
    causes.push(redactAddress(reasonOf(cause)));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  const known = thrown instanceof FlinchError;
  return {
    message: redactAddress(reasonOf(thrown)),
    ...(typeof code === "string" && { code }),
    ...(causes.length > 0 && { causes }),
    ...(!known && thrown instanceof Error && thrown.stack && { stack: redactAddress(thrown.stack) }),
  };
}

/**
 * A logger that writes one JSON object a line to standard error: standard output belongs to events. Secrets are
 * blotted out by name, credentials in the addresses of errors by form. `level` may be set anew at any time.
 * @param level pino's levels and "silent"; any other word means "info"
 */
export function createLog(
  level: string,
  out: DestinationStream = destination({ dest: STANDARD_ERROR, sync: true }),
): Logger {
  return pino(
    {
      level: level === "silent" || level in pino.levels.values ? level : "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_PATHS, censor: "***" },
      serializers: { err: describeError, error: describeError },
    },
    out,
  );
}
