import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export const FFMPEG = "ffmpeg";
/** A clip of a second takes a fraction of that. */
const TIMEOUT_MS = 15_000;
/** Far more than any clip; an encoder that runs wild must not take the memory. */
const MAX_BYTES = 64_000_000;

/**
 * Runs ffmpeg as a process of its own, of low priority, and gives what it writes.
 * @param input what it reads, piece by piece
 * @throws Error with the last line that it said
 */
export async function ffmpegOutput(args: readonly string[], input: Iterable<Uint8Array>): Promise<Buffer> {
  const child = spawn(FFMPEG, args, { stdio: ["pipe", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
  const written: Buffer[] = [];
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) child.kill("SIGKILL");
    else written.push(chunk);
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  const ended = once(child, "close") as Promise<[status: number | null, signal: string | null]>;
  // Frames come first: what is left of the processors is the encoder's.
  if (child.pid !== undefined) unhurried(child.pid);
  // What it does not read any more, it says itself why.
  const fed = pipeline(Readable.from(input, { objectMode: false }), child.stdin).catch(() => undefined);
  try {
    const [status, signal] = await ended;
    if (status === 0) return Buffer.concat(written);
    throw new Error(said.trim().split("\n").at(-1) || `ffmpeg ended with ${status ?? signal}`);
  } finally {
    clearTimeout(timer);
    child.stdin.destroy();
    await fed;
  }
}

function unhurried(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or this user may not: it then runs as we do.
  }
}
