import { FlinchError } from "../lib/errors.js";
import type { Mat } from "../runtime/opencv.js";
import type { Capture } from "./capture.js";
import { settle } from "./waiting.js";

/** How long a hung read may hold its device before the daemon had better be restarted than wait on. */
const HUNG_READ_MS = 120_000;

/** A read that did not come back in time. It cannot be called off: it goes on until OpenCV's backend gives up. */
export class LateRead extends Error {
  override readonly name = "LateRead";
  readonly #read: Promise<unknown>;

  constructor(stallMs: number, read: Promise<unknown>) {
    super(`no frame for ${stallMs} ms`);
    this.#read = read;
  }

  /** Waits until the read has come back; throws SOURCE_UNREADABLE after two minutes. */
  async finished(signal: AbortSignal): Promise<void> {
    const outcome = await settle(this.#read, HUNG_READ_MS, signal);
    if (outcome.kind === "late") {
      throw new FlinchError("SOURCE_UNREADABLE", "the source hangs in a read for minutes: only a restart frees it");
    }
  }
}

/**
 * Reads one frame after another, and releases the capture in the end. Ends when the signal aborts, at once even in
 * the middle of a read; throws when the stream ends, or when it brings no frame for `stallMs`.
 */
export async function* readFrames(
  capture: Capture,
  stallMs: number,
  signal: AbortSignal,
): AsyncGenerator<Mat, void, undefined> {
  try {
    while (!signal.aborted) {
      const read = capture.readAsync();
      const outcome = await settle(read, stallMs, signal);
      if (outcome.kind === "value") {
        if (outcome.value.empty) {
          outcome.value.release();
          throw new Error("the stream ended");
        }
        yield outcome.value;
        continue;
      }
      const discarded = read.then((late) => late.release()).catch(() => undefined);
      if (outcome.kind === "late") throw new LateRead(stallMs, discarded);
      return;
    }
  } finally {
    // The handle only: a read in progress keeps the device open until it comes back.
    capture.release();
  }
}
