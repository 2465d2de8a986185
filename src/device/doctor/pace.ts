import { GOOD_FPS, LEAST_FPS, LONGEST_GAP_MS } from "../../spotting/index.js";

/** Whether a source suffices for micro-expressions. */
export interface PaceResult {
  readonly result: "ok" | "limited" | "not enough";
  /** What speaks against it, each with what to do. */
  readonly reasons: readonly { readonly what: string; readonly advice?: string }[];
}

/** How a source's frames come. */
export interface Pace {
  /** Frames a second that show something new. */
  readonly fps: number;
  /** Asked of the source; 0 for its own. */
  readonly askedFps: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  /** Share of frames that repeat the one before, 0…1. */
  readonly doubled: number;
  /** Frames that were lost because nobody took them in time. */
  readonly dropped: number;
}

/** The shortest movement that is called a micro-expression. */
const SHORTEST_MS = 40;
/** A measured rate wavers: a camera of 25 frames/s is one of 25. */
const TOLERANCE = 0.02;
/** Fewer frames than this part of what was asked for: the camera takes longer for each. */
const SHORT_OF = 0.9;
/** Frames come unevenly where 5 % of the intervals are longer than this many usual ones. */
const UNEVEN = 1.8;
/** More repeated frames than these are no chance. */
const MANY_DOUBLED = 0.1;

const MORE_LIGHT =
  "light the room better, set a fixed exposure within one frame (source.exposureUs), or ask for less (docs/cameras.md)";

/** Judges a rate alone: what is known of a source at work. */
export function judgeRate(fps: number): PaceResult["result"] {
  if (fps < LEAST_FPS * (1 - TOLERANCE)) return "not enough";
  return fps < GOOD_FPS * (1 - TOLERANCE) ? "limited" : "ok";
}

/** Judges how frames come, all in all. */
export function judgePace(pace: Pace): PaceResult {
  const { fps, askedFps, medianMs, p95Ms, longestMs, doubled, dropped } = pace;
  const byRate = judgeRate(fps);
  const reasons: { what: string; advice?: string }[] = [];
  if (byRate !== "ok") {
    const frames = ((fps * SHORTEST_MS) / 1000).toFixed(1);
    reasons.push({
      what: `a movement of ${SHORTEST_MS} ms falls on ${frames} frames`,
      advice:
        byRate === "limited"
          ? "60 frames/s or more show the shortest movements as well"
          : `the spotter needs ${LEAST_FPS} frames/s at least, and 60 are better`,
    });
  }
  if (askedFps > 0 && fps < askedFps * SHORT_OF) {
    reasons.push({ what: `${askedFps} frames/s were asked for: frames take longer than that`, advice: MORE_LIGHT });
  }
  if (doubled > MANY_DOUBLED) {
    reasons.push({
      what: `${Math.round(doubled * 100)} % of the frames repeat the one before`,
      advice: "have somebody move before the camera and measure again; if it stays, ask the camera for its true rate",
    });
  }
  if (p95Ms > UNEVEN * medianMs) {
    reasons.push({ what: "frames come unevenly", advice: "a lower source.fps or size, or more light, may help" });
  }
  if (longestMs > LONGEST_GAP_MS) {
    reasons.push({
      what: `a gap of more than ${LONGEST_GAP_MS} ms hides whole movements`,
      advice: "check cable, network and load",
    });
  }
  if (dropped > 0) {
    reasons.push({ what: `${dropped} frames were lost on this machine`, advice: "measure with nothing else at work" });
  }
  return { result: byRate === "ok" && reasons.length > 0 ? "limited" : byRate, reasons };
}
