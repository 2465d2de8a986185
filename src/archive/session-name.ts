interface Told {
  readonly device: string | undefined;
  /** When it began, ISO 8601, UTC. */
  readonly at: string | null;
  readonly session: string | null;
}

/** Whatever a device is called, its file's name holds no path, no blank and no quote. */
const safe = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, "");

/** A name for a session's files: `<device>_<date and time, UTC>_<the id's first eight digits>`. */
export function sessionName({ device, at, session }: Told): string {
  const when = session === null ? at?.slice(0, 10) : at?.slice(0, 19).replaceAll(":", "-");
  const which = session === null ? "no-session" : session.slice(0, 8);
  return [device && safe(device), when && `${when}${session === null ? "" : "Z"}`, which].filter(Boolean).join("_");
}
