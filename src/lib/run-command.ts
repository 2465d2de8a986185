import { execFile } from "node:child_process";

const TIMEOUT_MS = 10_000;

/** What a program prints, trimmed; undefined where it is not installed, fails or hangs. */
export function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: TIMEOUT_MS }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim()),
    );
  });
}
