import type { Check, CheckResult } from "../../lib/check.js";
import { quantile } from "../../lib/quantile.js";
import { cv, type Mat } from "../../runtime/opencv.js";
import type { FrameSource } from "../../stream/index.js";
import { judgePace, type Pace } from "./pace.js";

export interface SourceCheckOptions {
  /** Makes the source; may throw. */
  readonly create: () => FrameSource;
  /** How many frames are looked at. */
  readonly frames: number;
  /** How long is waited for them, in milliseconds. */
  readonly timeoutMs: number;
  /** Frames a second asked of the source; 0 for its own. */
  readonly askedFps: number;
}

/** A camera's first frames come late or in a burst. */
const SETTLING_FRAMES = 5;
/** Pictures are compared at this size: smaller than what a sensor's noise averages out to. */
const LOOK = { rows: 120, cols: 160 } as const;

/** Whether the source opens, what rate it truly gives, how evenly, and whether that suffices for micro-expressions. */
export function sourceCheck(options: SourceCheckOptions): Check {
  return {
    name: "source",
    run: async () => {
      const source = options.create();
      const seen = new Sight();
      try {
        for await (const { timeMs, image } of source.frames(AbortSignal.timeout(options.timeoutMs))) {
          await seen.take(timeMs, image);
          image.release();
          if (seen.times.length >= options.frames) break;
        }
      } finally {
        seen.release();
      }
      const { description } = source;
      if (seen.times.length > 0) return judge(description, seen, options.askedFps, source.stats().dropped);
      const why = source.stats().lastError ?? `no frame within ${options.timeoutMs} ms`;
      return { status: "fail", detail: `${description}: ${why}`, advice: "check source.kind and source.uri" };
    },
  };
}

/** What was seen of the frames. */
class Sight {
  readonly times: number[] = [];
  /** For each frame, whether it repeats the one before. */
  readonly repeats: boolean[] = [];
  size = "";
  private before: Mat | undefined;

  async take(timeMs: number, image: Mat): Promise<void> {
    this.size = `${image.cols} × ${image.rows}`;
    this.times.push(timeMs);
    const small = await image.resizeAsync(LOOK.rows, LOOK.cols, 0, 0, cv.INTER_NEAREST);
    // To the bit: a sensor's noise is never the same twice.
    this.repeats.push(this.before !== undefined && small.norm(this.before, cv.NORM_INF) === 0);
    this.release();
    this.before = small;
  }

  release(): void {
    this.before?.release();
    this.before = undefined;
  }
}

/** The pace of frames; undefined of fewer than two. */
function paceOf({ times, repeats }: Sight, askedFps: number, dropped: number): Pace | undefined {
  const skipped = times.length > 4 * SETTLING_FRAMES ? SETTLING_FRAMES : 0;
  const settled = times.slice(skipped);
  const intervals = Float64Array.from(settled.slice(1), (time, n) => time - (settled[n] ?? time)).sort();
  const lastedMs = (settled.at(-1) ?? 0) - (settled[0] ?? 0);
  if (lastedMs <= 0) return undefined;
  const doubled = repeats.slice(skipped + 1).filter(Boolean).length / intervals.length;
  return {
    fps: ((intervals.length * 1000) / lastedMs) * (1 - doubled),
    askedFps,
    medianMs: quantile(intervals, 0.5),
    p95Ms: quantile(intervals, 0.95),
    longestMs: intervals.at(-1) ?? 0,
    doubled,
    dropped,
  };
}

const STATUS = { ok: "ok", limited: "warn", "not enough": "fail" } as const;

function judge(description: string, sight: Sight, askedFps: number, dropped: number): CheckResult {
  const pace = paceOf(sight, askedFps, dropped);
  if (pace === undefined) return { status: "warn", detail: `${description}: ${sight.size}, one frame only` };
  const { result, reasons } = judgePace(pace);
  const intervals = `intervals ${pace.medianMs.toFixed(1)} ms, 95 % within ${pace.p95Ms.toFixed(1)}, longest ${pace.longestMs.toFixed(1)}`;
  const measured = `${description}: ${sight.size}, ${pace.fps.toFixed(1)} fps (${intervals})`;
  const why = reasons.map(({ what }) => what).join("; ");
  const advice = [...new Set(reasons.map(({ advice: what }) => what).filter((what) => what !== undefined))].join("; ");
  return {
    status: STATUS[result],
    detail: `${measured}; for micro-expressions ${result}${why === "" ? "" : `: ${why}`}`,
    ...(advice !== "" && { advice }),
  };
}
