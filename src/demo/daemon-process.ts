import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A line of the daemon's log, as far as it is looked at here. */
interface LogLine {
  readonly level?: string;
  readonly msg?: string;
  readonly port?: number;
  readonly reason?: string;
  readonly url?: string;
}

export interface DaemonCallbacks {
  /** The broker inside the daemon takes connections on this port. */
  onBroker(port: number): void;
  /** The console is open there. */
  onConsole(url: string): void;
  /** The first frame is about to be read. */
  onWatching(): void;
  /** A warning or an error of the log. */
  onTrouble(what: string): void;
  /** A line that is no log line: a library's chatter, or the last words of a daemon that failed. */
  onOther(line: string): void;
}

const TROUBLE = new Set(["warn", "error", "fatal"]);

/** What a line of the daemon's standard error means to whoever started it. */
export function readLogLine(line: string, callbacks: DaemonCallbacks): void {
  let entry: LogLine;
  try {
    entry = JSON.parse(line) as LogLine;
  } catch {
    callbacks.onOther(line);
    return;
  }
  if (entry.msg === "embedded broker listening" && entry.port !== undefined) callbacks.onBroker(entry.port);
  else if (entry.msg === "console listening" && entry.url !== undefined) callbacks.onConsole(entry.url);
  else if (entry.msg === "watching") callbacks.onWatching();
  else if (TROUBLE.has(entry.level ?? "")) {
    callbacks.onTrouble([entry.msg ?? line, entry.reason].filter((part) => part !== undefined).join(": "));
  }
}

/** The daemon as a process of its own, just as it runs on the device. */
export class DaemonProcess {
  readonly #child: ChildProcess;
  /** Its exit status; null where a signal ended it. */
  readonly ended: Promise<number | null>;

  /** @param args what follows `flinch` on the command line */
  constructor(program: string, args: readonly string[], callbacks: DaemonCallbacks) {
    // Settings of the user's own environment would make it another demonstration.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FLINCH_")));
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ["ignore", "inherit", "pipe"] });
    this.#child = child;
    this.ended = once(child, "close").then(([status]) => status as number | null);
    createInterface({ input: child.stderr }).on("line", (line) => readLogLine(line, callbacks));
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }
}
