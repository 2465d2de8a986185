import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const PROGRAM = "dist/main.js";

/** What daemons keep, where a test does not say where: a directory each, which nobody else's daemon has touched. */
const states = mkdtempSync(join(tmpdir(), "flinch-state-"));
process.once("exit", () => rmSync(states, { recursive: true, force: true }));
let started = 0;

/** The environment without anyone's settings of Flinch. */
function cleanEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(FLINCH_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(own), ...changes };
}

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** `flinch` as a process of its own, as built. */
export class Flinch {
  readonly output: string[] = [];
  readonly log: LogLine[] = [];
  /** What stood on standard error and is no log line. */
  readonly plain: string[] = [];
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  private readonly child: ChildProcess;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const state = args[0] === "run" ? { FLINCH_STATE_DIRECTORY: join(states, `${started++}`) } : {};
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: cleanEnvironment({ ...state, ...environment }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    this.ended = once(child, "close").then(([status, signal]) => (status ?? signal) as number | string | null);
    createInterface({ input: child.stdout }).on("line", (line) => this.output.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.startsWith("{")) this.log.push(JSON.parse(line) as LogLine);
      else this.plain.push(line);
    });
  }

  /** Processes that it has started. */
  workers(): number[] {
    const { stdout } = spawnSync("pgrep", ["-P", String(this.child.pid)], { encoding: "utf8" });
    return stdout.split("\n").filter(Boolean).map(Number);
  }

  kill(signal: "SIGTERM" | "SIGKILL" | "SIGINT"): void {
    this.child.kill(signal);
  }

  /** For a test's end: whatever still runs is killed. */
  async dispose(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  /** The first line of the log, past or to come, whose message matches. */
  async logged(message: RegExp, withinMs = 60_000): Promise<LogLine> {
    const end = Date.now() + withinMs;
    for (;;) {
      const found = this.log.find(({ msg }) => message.test(msg));
      if (found !== undefined) return found;
      if (Date.now() > end || this.child.exitCode !== null) {
        throw new Error(`no ${message} in the log: ${JSON.stringify(this.log)} ${this.plain.join("\n")}`);
      }
      await sleep(20);
    }
  }
}

/** Runs `flinch` to its end. */
export async function flinch(...args: string[]): Promise<Flinch & { readonly status: number | string | null }> {
  const process = new Flinch(args);
  return Object.assign(process, { status: await process.ended });
}
