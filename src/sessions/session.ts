/** What somebody asks a session to be. */
export interface SessionWish {
  /** Pseudonym of the person filmed; never a name. */
  readonly subject: string;
  /** Where this person's consent is kept. */
  readonly consent: string;
  readonly room?: string;
  readonly purpose?: string;
}
