import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { until } from "../../../support/logs.js";

/** Messages that were committed together: when they came, the first and the last, and when that was; microseconds. */
export interface StoredBatch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly atUs: number;
  readonly messages: number;
  readonly ms: number;
}

/** Microseconds of a time with as many digits. */
const microseconds = (iso: string): number => Date.parse(`${iso.slice(0, 23)}Z`) * 1000 + Number(iso.slice(23, 26));

/** A `flinch collect` that can be killed and started again, and says what it has stored when. */
export class LoadCollector {
  readonly batches: StoredBatch[] = [];
  /** Lines of its log that say that something is wrong. */
  readonly troubles: string[] = [];
  private child: ChildProcess | undefined;
  private subscriptions = 0;

  constructor(private readonly args: readonly string[]) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it, and waits until it has subscribed. */
  async run(): Promise<void> {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(process.execPath, ["dist/main.js", "collect", ...this.args, "--log.level=debug"], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.child = child;
    createInterface({ input: child.stderr }).on("line", (line) => this.told(line));
    const before = this.subscriptions;
    await until(() => this.subscriptions > before, 120_000);
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** As systemd would. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  private told(line: string): void {
    if (!line.startsWith("{")) {
      this.troubles.push(line);
      return;
    }
    const said = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const { level, msg } = said;
    if (msg === "collect: stored") {
      const [fromUs, toUs] = [said["from"], said["to"]].map((time) => microseconds(String(time))) as [number, number];
      const atUs = Date.parse(String(said["time"])) * 1000;
      this.batches.push({ fromUs, toUs, atUs, messages: Number(said["messages"]), ms: Number(said["ms"]) });
    } else if (String(msg).startsWith("collect: subscribed")) this.subscriptions += 1;
    else if (level === "warn" || level === "error") this.troubles.push(String(msg));
  }
}
