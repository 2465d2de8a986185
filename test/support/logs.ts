import { setTimeout as sleep } from "node:timers/promises";

/** A logger that remembers what it was told, one line a message. */
export class Logs {
  readonly lines: string[] = [];
  readonly debug = this.at("debug");
  readonly info = this.at("info");
  readonly warn = this.at("warn");
  readonly error = this.at("error");

  /** How many lines match; the level stands first. */
  count(pattern: RegExp): number {
    return this.lines.filter((line) => pattern.test(line)).length;
  }

  private at(level: string) {
    return (_fields: object, message: string): void => {
      this.lines.push(`${level} ${message}`);
    };
  }
}

/** Waits until something is so. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not so within ${withinMs} ms: ${holds}`);
    await sleep(10);
  }
}
