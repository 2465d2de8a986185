import { type Context, contexts } from "../contract/index.js";
import { quantile } from "../lib/quantile.js";
import { firstNotBefore } from "../lib/sorted.js";
import type { MotionSample } from "../spotting/index.js";
import type { FaceMeasures } from "../stream/index.js";

/** How much of a face's past is kept, and how much of it says how wide its eyes are when open. Milliseconds. */
const HISTORY_MS = 4000;
const OPEN_MS = 3000;
/** A mouth that goes to and fro over a second talks; with less than half of one nothing is said. */
const TALK_MS = 1000;
const LEAST_TALK_MS = 500;
/** How far lips and corners of the mouth go to and fro in a second, eye distances. */
const TALKING = 0.55;
/** A mouth so wide smiles, eye distances. */
const SMILING = 1;
/** Lids that come together by this share of how far apart they mostly were. */
const BLINKING = 0.25;
const OPEN_SHARE = 0.8;
/** Head: over so long it moves, by eye distances or by degrees. */
const HEAD_MS = 400;
const HEAD_SHIFT = 0.27;
const HEAD_TURN_DEG = 13;
/** Gaze: both eyes go the same way at once, thousandths of the eye distance; a turning head counts against it. */
const GAZE_MS = 120;
const GAZE_SHIFT = 34;
const GAZE_TURN_DEG = 8;
/** Lids that have just moved carry what lies beneath them along. */
const LIDS_MS = 150;
/** What a face does right after an expression belongs to it too: it may have been the cause. */
const AFTER_MS = 100;

interface Moment {
  readonly timeMs: number;
  readonly measures: FaceMeasures;
  /** Of the head in the room, eye distances. */
  readonly head: readonly [x: number, y: number];
  /** Displacement of both eye regions to the right, thousandths of the eye distance. */
  readonly eyes: readonly [left: number, right: number];
  readonly lidsClosed: boolean;
  readonly context: readonly Context[];
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** How far values go in all, beyond what is left of it in the end. */
function toAndFro(values: readonly number[]): number {
  let path = 0;
  for (let i = 1; i < values.length; i++) path += Math.abs((values[i] as number) - (values[i - 1] as number));
  return path - Math.abs((values.at(-1) ?? 0) - (values[0] ?? 0));
}

/**
 * Says what one face does beside whatever the spotter looks for, from its landmarks and its motion. Every definition
 * looks back only; docs/real-people.md holds them against seconds that a person has marked.
 */
export class ContextDetector {
  private moments: Moment[] = [];
  private readonly eyeRegions: readonly [left: number, right: number];

  /** @param regions names of the motion graph's regions, in its order. */
  constructor(regions: readonly string[]) {
    this.eyeRegions = [regions.indexOf("eye_left"), regions.indexOf("eye_right")];
  }

  /** Takes the next sample of the face, with what its landmarks last said; gives what the face does now. */
  push({ timeMs, head, displacement }: MotionSample, measures: FaceMeasures): readonly Context[] {
    const last = this.moments.at(-1);
    // Between two fits nothing new is known.
    if (last !== undefined && measures.timeMs <= last.measures.timeMs) return last.context;
    const [left, right] = this.eyeRegions;
    const now = {
      timeMs,
      measures,
      head: [(head[0] ?? 0) / 1000, (head[1] ?? 0) / 1000] as const,
      eyes: [displacement[2 * left] ?? 0, displacement[2 * right] ?? 0] as const,
      lidsClosed: this.lidsClosed(timeMs, measures.lidGap),
    };
    const context = this.contextOf(now);
    this.moments.push({ ...now, context });
    const oldest = timeMs - HISTORY_MS;
    while ((this.moments[0]?.timeMs ?? oldest) < oldest) this.moments.shift();
    return context;
  }

  /** All that the face did from one moment to another, and shortly after. */
  between(fromMs: number, toMs: number): Context[] {
    const found = new Set(
      this.moments
        .filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs + AFTER_MS)
        .flatMap(({ context }) => context),
    );
    return contexts.filter((context) => found.has(context));
  }

  private since(fromMs: number): readonly Moment[] {
    return this.moments.slice(firstNotBefore(this.moments, fromMs, ({ timeMs }) => timeMs));
  }

  private lidsClosed(timeMs: number, lidGap: number): boolean {
    const gaps = [...this.since(timeMs - OPEN_MS).map(({ measures }) => measures.lidGap), lidGap];
    return (
      lidGap <
      (1 - BLINKING) *
        quantile(
          gaps.sort((a, b) => a - b),
          OPEN_SHARE,
        )
    );
  }

  private contextOf(now: Omit<Moment, "context">): Context[] {
    const holds: Record<Context, boolean> = {
      talking: this.isTalking(now),
      smiling: now.measures.mouthWidth >= SMILING,
      blinking: now.lidsClosed,
      head_moving: this.isHeadMoving(now),
      gaze_shifting: this.isGazeShifting(now),
    };
    return contexts.filter((context) => holds[context]);
  }

  private isTalking({ timeMs, measures }: Omit<Moment, "context">): boolean {
    const before = this.since(timeMs - TALK_MS);
    const spanMs = timeMs - (before[0]?.timeMs ?? timeMs);
    if (spanMs < LEAST_TALK_MS) return false;
    const way = (read: (measures: FaceMeasures) => number) =>
      toAndFro([...before.map((moment) => read(moment.measures)), read(measures)]);
    const path = way(({ lipGap }) => lipGap) + way(({ mouthWidth }) => mouthWidth) / 2;
    return (path * 1000) / spanMs >= TALKING;
  }

  private isHeadMoving(now: Omit<Moment, "context">): boolean {
    const all = [...this.since(now.timeMs - HEAD_MS), now];
    const shift = Math.hypot(spread(all.map(({ head }) => head[0])), spread(all.map(({ head }) => head[1])));
    return shift >= HEAD_SHIFT || this.turn(now) >= HEAD_TURN_DEG;
  }

  /** How far the head has turned or nodded lately, degrees. */
  private turn(now: Omit<Moment, "context">): number {
    const poses = [...this.since(now.timeMs - HEAD_MS), now].map(({ measures }) => measures);
    return Math.max(spread(poses.map(({ yaw }) => yaw)), spread(poses.map(({ pitch }) => pitch)));
  }

  private isGazeShifting(now: Omit<Moment, "context">): boolean {
    const before = this.since(now.timeMs - GAZE_MS)[0];
    if (before === undefined) return false;
    const lids = [...this.since(now.timeMs - GAZE_MS - LIDS_MS), now];
    if (lids.some(({ lidsClosed }) => lidsClosed)) return false;
    const [left, right] = now.eyes.map((x, i) => x - (before.eyes[i] as number)) as [number, number];
    if (left * right <= 0) return false;
    return Math.min(Math.abs(left), Math.abs(right)) >= GAZE_SHIFT * (1 + this.turn(now) / GAZE_TURN_DEG);
  }
}
