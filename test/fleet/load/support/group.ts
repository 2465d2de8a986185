import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program in a process group of its own, which can be killed with all its children. */
export class Group {
  private child: ChildProcess | undefined;

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  start(): void {
    this.child = spawn(this.program, [...this.args], {
      detached: true,
      env: { ...process.env, ...this.env },
      stdio: "ignore",
    });
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || !this.running) return;
    const ended = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }
}
