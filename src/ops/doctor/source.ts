import type { Frame, FrameSource } from "../../capture/frame.js";
import { quantile } from "../../quantile.js";
import type { Check, CheckResult } from "./check.js";

export interface SourceCheckOptions {
  /** Makes the source; may throw. */
  readonly create: () => FrameSource;
  /** How many frames are looked at. */
  readonly frames: number;
  /** How long is waited for them, in milliseconds. */
  readonly timeoutMs: number;
}

/** A camera whose frames come this unevenly (95th percentile of the interval, in intervals) was asked too much. */
const UNEVEN = 2;
/** Micro-expressions last from 40 to 500 ms: fewer frames than these show too little of the shortest. */
const LOW_FPS = 50;
/** A camera's first frames come late or in a burst. */
const SETTLING_FRAMES = 5;

/** Whether the source opens, and what rate it truly gives. */
export function sourceCheck(options: SourceCheckOptions): Check {
  return {
    name: "source",
    run: async () => {
      const source = options.create();
      const times: number[] = [];
      let size = "";
      for await (const frame of source.frames(AbortSignal.timeout(options.timeoutMs))) {
        size = sizeOf(frame);
        times.push(frame.timeMs);
        frame.image.release();
        if (times.length >= options.frames) break;
      }
      if (times.length > 0) return judge(source.description, size, times);
      const why = source.stats().lastError ?? `no frame within ${options.timeoutMs} ms`;
      return { status: "fail", detail: `${source.description}: ${why}`, advice: "check source.kind and source.uri" };
    },
  };
}

function sizeOf(frame: Frame): string {
  return `${frame.image.cols} × ${frame.image.rows}`;
}

function judge(description: string, size: string, times: readonly number[]): CheckResult {
  const settled = times.length > 4 * SETTLING_FRAMES ? times.slice(SETTLING_FRAMES) : times;
  const intervals = Float64Array.from(settled.slice(1), (time, n) => time - (settled[n] ?? time)).sort();
  if (intervals.length === 0) return { status: "warn", detail: `${description}: ${size}, one frame only` };
  const meanMs = intervals.reduce((sum, each) => sum + each, 0) / intervals.length;
  const p95Ms = quantile(intervals, 0.95);
  const fps = 1000 / meanMs;
  const detail = `${description}: ${size}, ${fps.toFixed(1)} fps, 95 % of frames within ${p95Ms.toFixed(1)} ms`;
  if (p95Ms > UNEVEN * meanMs) {
    return {
      status: "warn",
      detail,
      advice: "frames come unevenly: a lower source.fps or size, or more light, may help",
    };
  }
  if (fps < LOW_FPS) return { status: "warn", detail, advice: "short micro-expressions want 60 frames/s or more" };
  return { status: "ok", detail };
}
