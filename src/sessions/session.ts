/** What somebody asks a session to be. */
export interface SessionWish {
  /** Pseudonym of the person filmed; never a name. */
  readonly subject: string;
  /** Where this person's consent is kept. */
  readonly consent: string;
  readonly room?: string;
  readonly purpose?: string;
}

/** An open session: whose movements are looked at, why, and with whose consent. */
export interface Session {
  /** A UUID, which the session's events carry. */
  readonly id: string;
  readonly room: string;
  readonly subject: string;
  readonly consent: string;
  readonly purpose: string;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
}

/** Why a session ended. */
export type SessionEnd = "request" | "max_length";
