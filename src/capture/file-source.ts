import type { CaptureStats } from "../contract/index.js";
import { FlinchError } from "../lib/errors.js";
import { cv, type Mat } from "../runtime/opencv.js";
import type { Frame, FrameSource } from "../stream/index.js";
import type { Capture, OpenCapture } from "./capture.js";
import { containerState } from "./container.js";
import { describeSource } from "./describe-source.js";
import { FileClock } from "./file-clock.js";
import { FrameRate } from "./frame-rate.js";
import { pathOf } from "./open-file.js";
import type { SourceConfig } from "./source-config.js";
import { pause } from "./waiting.js";

export interface FileSourceDeps {
  readonly open: OpenCapture;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /** Milliseconds since the Unix epoch. */
  readonly wallNow: () => number;
}

/** A frame rate for containers that name none, or an absurd one. */
const FALLBACK_FPS = 30;
const HIGHEST_FPS = 1000;

/** Throws SOURCE_NOT_FOUND or SOURCE_UNREADABLE from the iteration. Never drops a frame. */
export class FileSource implements FrameSource {
  readonly description: string;
  readonly live = false;
  readonly #config: SourceConfig;
  readonly #deps: FileSourceDeps;
  readonly #rate = new FrameRate();
  #captured = 0;
  #status: CaptureStats["status"] = "opening";
  #lastError: string | undefined;
  #begun = false;

  constructor(config: SourceConfig, deps: FileSourceDeps) {
    this.#config = config;
    this.#deps = deps;
    this.description = describeSource(config);
  }

  stats(): CaptureStats {
    return {
      captured: this.#captured,
      dropped: 0,
      reconnects: 0,
      measuredFps: this.#rate.perSecond(),
      status: this.#status,
      lastError: this.#lastError,
    };
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    if (this.#begun) throw new Error("the frames of a source can be iterated once");
    this.#begun = true;
    try {
      yield* this.#passes(signal);
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#status = "ended";
    }
  }

  /** Once through the file, or again and again. */
  async *#passes(signal: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    let clock: FileClock | undefined;
    let startedMs: number | undefined;
    let startedWallMs: number | undefined;
    while (!signal.aborted) {
      const capture = await this.#deps.open(this.#config, signal);
      const fps = this.#nominalFps(capture);
      clock ??= new FileClock(fps);
      clock.rewind();
      let frames = 0;
      for await (const { image, timeMs } of decode(capture, clock, signal)) {
        frames += 1;
        if (this.#config.pace === "realtime") {
          startedMs ??= this.#deps.now() - timeMs;
          startedWallMs ??= this.#deps.wallNow() - timeMs;
          await pause(startedMs + timeMs - this.#deps.now(), signal);
        }
        if (signal.aborted) {
          image.release();
          return;
        }
        this.#status = "streaming";
        this.#rate.add(timeMs);
        const wallMs = startedWallMs === undefined ? undefined : startedWallMs + timeMs;
        yield { index: this.#captured++, timeMs, wallMs, image };
      }
      if (signal.aborted) return;
      if (frames === 0) {
        throw new FlinchError("SOURCE_UNREADABLE", `'${this.#config.uri}' opens, but no frame of it can be decoded`);
      }
      // The frame count that OpenCV tells is an estimate, or counts frames that a trimmed file does not show.
      if ((await containerState(pathOf(this.#config.uri))) === "short") {
        this.#lastError = `'${this.#config.uri}' ended after ${frames} frames: the file is shorter than it says, cut off while it was copied or written`;
      }
      if (!this.#config.loop) return;
    }
  }

  #nominalFps(capture: Capture): number {
    const own = capture.get(cv.CAP_PROP_FPS);
    if (own > 0 && own <= HIGHEST_FPS) return own;
    return this.#config.fps > 0 ? this.#config.fps : FALLBACK_FPS;
  }
}

interface Decoded {
  readonly image: Mat;
  readonly timeMs: number;
}

/** Decodes one frame ahead of the one that is being used. Releases the capture, and the frame nobody took. */
async function* decode(
  capture: Capture,
  clock: FileClock,
  signal: AbortSignal,
): AsyncGenerator<Decoded, void, undefined> {
  const next = async (): Promise<Decoded | undefined> => {
    const image = await capture.readAsync();
    if (!image.empty) return { image, timeMs: clock.next(capture.get(cv.CAP_PROP_POS_MSEC)) };
    image.release();
    return undefined;
  };
  let ahead: Promise<Decoded | undefined> | undefined = next();
  try {
    for (;;) {
      const current: Decoded | undefined = await ahead;
      ahead = undefined;
      if (!current) return;
      if (signal.aborted) {
        current.image.release();
        return;
      }
      ahead = next();
      yield current;
    }
  } finally {
    const unused = await ahead?.catch(() => undefined);
    unused?.image.release();
    capture.release();
  }
}
