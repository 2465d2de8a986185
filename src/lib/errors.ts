/**
 * Every failure that a person can do something about, in one list. `message` is one line that says what is
 * wrong, with the offending value, and what to do.
 */
export type ErrorCode =
  | "CONFIG_INVALID"
  | "CONFIG_UNREADABLE"
  | "PURPOSE_MISSING"
  | "SOURCE_UNREADABLE"
  | "SOURCE_NOT_FOUND"
  | "MODEL_MISSING"
  | "MODEL_HASH"
  | "MODEL_MANIFEST"
  | "MODEL_UNUSABLE"
  | "MODEL_HEAD"
  | "PROVIDER_UNAVAILABLE"
  | "ENGINE_BUILD"
  | "ENGINE_UNWRITABLE"
  | "NATIVE_MODULE"
  | "OUTBOX_UNWRITABLE"
  | "HISTORY_UNWRITABLE"
  | "HISTORY_UNKNOWN"
  | "LABEL_INVALID"
  | "CLIP_UNREADABLE"
  | "METADATA_UNREADABLE"
  | "PACKAGE_MISSING"
  | "QUERY_INVALID"
  | "REPORT_UNWRITABLE"
  | "TRUTH_UNREADABLE"
  | "RESULTS_UNREADABLE"
  | "EXPORT_UNWRITABLE"
  | "ROLLOUT_UNREADABLE"
  | "MQTT_REFUSED"
  | "MQTT_CONFIG"
  | "METRICS_UNAVAILABLE"
  | "STATE_UNWRITABLE"
  | "REQUEST_INVALID"
  | "REQUEST_TOO_LARGE"
  | "REQUEST_UNKNOWN"
  | "BUSY"
  | "TIMEOUT"
  | "STOPPING"
  | "TOO_SOON"
  | "SESSION_OPEN"
  | "SESSION_NONE"
  | "CONSOLE_UNAVAILABLE"
  | "USERS_UNREADABLE"
  | "FOREIGN"
  | "LOGIN_NEEDED"
  | "LOGIN_WRONG"
  | "ROLE_NEEDED"
  | "NOT_FOUND"
  | "DATABASE_UNUSABLE"
  | "DATABASE_NEWER"
  | "USAGE";

export class FlinchError extends Error {
  override readonly name = "FlinchError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The text of anything that was thrown, on one line. */
export function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}
