import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Debian's Python, which has Debian's packages; another one may come first in the path. */
export const PYTHON = "/usr/bin/python3";

/** What a program in Python prints. */
export async function python(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PYTHON, ["-c", program, ...args]);
  return stdout;
}
