import type { CommandLine } from "../config/command-line.js";

/** What a command gets from the process that it runs in. */
export interface CommandContext {
  /** What stood after the command's name. */
  readonly line: CommandLine;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes one line to standard output. */
  output(line: string): void;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
}

/** Runs a command and gives the exit status. */
export type Command = (context: CommandContext) => Promise<number>;

/** What a command is: the parser, the help and the completion of shells are made of it. */
export interface CommandDescription {
  readonly name: string;
  /** What it does, on one line. */
  readonly summary: string;
  /** Its arguments, in order: `<REQUIRED>`, `[OPTIONAL]` or `<SEVERAL...>`, and what they are. */
  readonly arguments?: Readonly<
    Record<string, string | { readonly about: string; readonly choices: readonly string[] }>
  >;
  /** Its own options, `--switch` or `--option <VALUE>`, and what they do. */
  readonly options?: Readonly<Record<string, string>>;
  /** Whether it takes `--config` and every key of the configuration besides. */
  readonly configured?: boolean;
  /** A command line that somebody might type. */
  readonly example: string;
  /** Loads what it runs: what is not run costs nothing, least of all OpenCV and ONNX Runtime. */
  readonly load: () => Promise<Command>;
}

/** A command that only holds others, and those. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandDescription[];
}
