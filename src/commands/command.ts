/** What a command gets from the process that it runs in. */
export interface CommandContext {
  /** Arguments after the command's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes one line to standard output. */
  output(line: string): void;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
}

/** Runs a command and gives the exit status. */
export type Command = (context: CommandContext) => Promise<number>;
