/** What a request came to. */
export interface Outcome {
  /** For the one who asked. */
  readonly data?: object;
  /** Done once the answer is on its way, or cannot be: what would cut the answer off. */
  readonly afterAnswer?: () => void;
}

/** One thing that a device can be asked for. */
export interface RequestKind<Parameters extends object = Readonly<Record<string, unknown>>> {
  /** Milliseconds from the request's arrival to its answer, the wait for its turn included. */
  readonly timeoutMs: number;
  /**
   * Does it. A FlinchError is an answer for whoever asked; anything else is a fault of ours and goes to the log.
   * @param parameters as the schema of this name allows them
   * @param signal aborts when nobody waits for the outcome any more
   */
  run(parameters: Parameters, signal: AbortSignal): Outcome | Promise<Outcome>;
}

/** Everything that can be asked for, by name: `session/start` is asked for on `request/session/start`. */
export type RequestKinds = ReadonlyMap<string, RequestKind>;
