import type { CaptureStats } from "../contract/index.js";
import { reasonOf } from "../lib/errors.js";
import { redactAddress } from "../lib/redact.js";
import { retryDelays } from "../lib/retry-delays.js";
import type { Mat } from "../runtime/opencv.js";
import type { Frame, FrameSource } from "../stream/index.js";
import type { Capture, OpenCapture } from "./capture.js";
import { describeSource } from "./describe-source.js";
import { FrameRate } from "./frame-rate.js";
import { FrozenDetector } from "./frozen.js";
import { LatestFrames } from "./latest-frames.js";
import { LateRead, readFrames } from "./read-frames.js";
import type { SourceConfig } from "./source-config.js";
import { pause } from "./waiting.js";

export interface LiveSourceDeps {
  readonly open: OpenCapture;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /** Milliseconds since the Unix epoch. */
  readonly wallNow: () => number;
  /** From 0 up to 1, for the jitter of the waits between attempts. */
  readonly random: () => number;
}

interface Captured {
  readonly image: Mat;
  readonly timeMs: number;
  readonly wallMs: number;
}

/** A camera or a network stream: opened again for ever, holds the newest frames, drops the oldest. */
export class LiveSource implements FrameSource {
  readonly description: string;
  readonly live = true;
  readonly #config: SourceConfig;
  readonly #deps: LiveSourceDeps;
  readonly #queue: LatestFrames<Captured>;
  readonly #rate = new FrameRate();
  readonly #frozen: FrozenDetector;
  #captured = 0;
  #opened = 0;
  #status: CaptureStats["status"] = "opening";
  #lastError: string | undefined;
  #begunMs: number | undefined;

  constructor(config: SourceConfig, deps: LiveSourceDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#frozen = new FrozenDetector(config.frozenMs);
    this.#queue = new LatestFrames(config.queueFrames, (frame) => frame.image.release());
    this.description = describeSource(config);
  }

  stats(): CaptureStats {
    return {
      captured: this.#captured,
      dropped: this.#queue.dropped,
      reconnects: Math.max(0, this.#opened - 1),
      measuredFps: this.#status === "streaming" ? this.#rate.perSecond() : 0,
      status: this.#status,
      lastError: this.#lastError,
    };
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    if (this.#begunMs !== undefined) throw new Error("the frames of a source can be iterated once");
    this.#begunMs = this.#deps.now();
    const stop = new AbortController();
    const pumping = this.#pump(AbortSignal.any([signal, stop.signal])).then(
      () => this.#queue.close(),
      (reason: unknown) => this.#queue.close({ reason }),
    );
    try {
      for (let index = 0; ; index += 1) {
        const frame = await this.#queue.take();
        if (frame === undefined) return;
        yield { index, ...frame };
      }
    } finally {
      stop.abort();
      await pumping;
      this.#status = "ended";
    }
  }

  /** Opens and reads until the signal aborts. */
  async #pump(signal: AbortSignal): Promise<void> {
    const schedule = () =>
      retryDelays({
        minMs: this.#config.reconnectMinMs,
        maxMs: this.#config.reconnectMaxMs,
        random: this.#deps.random,
      });
    let delays = schedule();
    let waitMs = 0;
    for (;;) {
      let openedMs: number | undefined;
      try {
        const capture = await this.#deps.open(this.#config, signal);
        openedMs = this.#deps.now();
        this.#opened += 1;
        await this.#stream(capture, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#lose(reasonOf(error));
        // Opening the device again while a read hangs in it would only fail, and hold one more thread each time.
        if (error instanceof LateRead) await error.finished(signal);
      }
      if (signal.aborted) return;
      // A stream that outlived the last wait and a stall was a real one: its successor is asked for soon.
      const livedMs = openedMs === undefined || this.#status === "frozen" ? 0 : this.#deps.now() - openedMs;
      if (livedMs > waitMs + this.#config.stallMs) delays = schedule();
      waitMs = delays.next().value;
      await pause(waitMs, signal);
      if (signal.aborted) return;
    }
  }

  async #stream(capture: Capture, signal: AbortSignal): Promise<void> {
    this.#rate.reset();
    const { frozenMs } = this.#config;
    const openedMs = this.#deps.now();
    for await (const image of readFrames(capture, this.#config.stallMs, signal)) {
      const nowMs = this.#deps.now();
      const timeMs = nowMs - (this.#begunMs ?? nowMs);
      this.#captured += 1;
      this.#rate.add(timeMs);
      if (this.#frozen.isFrozen(image, nowMs)) {
        // Nothing is to be seen in it, and no time that was watched.
        image.release();
        this.#status = "frozen";
        if (nowMs - openedMs < frozenMs) continue;
        throw new Error(`the very same picture for ${frozenMs} ms or more: the source is frozen`);
      }
      this.#status = "streaming";
      this.#queue.put({ image, timeMs, wallMs: this.#deps.wallNow() });
    }
  }

  #lose(reason: string): void {
    if (this.#status !== "frozen") this.#status = "lost";
    this.#lastError = redactAddress(reason);
  }
}
