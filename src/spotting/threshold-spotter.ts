import {
  displacementOf,
  featureDifferenceAt,
  HALF_SPAN_MS,
  headOf,
  lengths,
  returningScore,
} from "./feature-difference.js";
import { type Group, type GroupName, groupsOf } from "./groups.js";
import { MotionHistory } from "./history.js";
import type { MotionSample } from "./motion-sample.js";
import { directionOf, FLOOR, HISTORY_MS, lengthRefusal, regionsMoved, rounded, roundedMarks } from "./movement.js";
import { Noise } from "./noise.js";
import { type Shape, shapeOf } from "./shape.js";
import type { Candidate, MotionSignal, Spotted, Spotter, SpottingSettings, Suppression } from "./spotter.js";

/** Times of the analysis, milliseconds. */
const PEAK_MS = 100;
const WARM_UP_MS = 1000;
/** Onset to apex, and apex to offset, at the most: CAS(ME)³'s 95 % quantiles within half a second. */
const REACH = { before: 330, after: 480 };
/** Share of the head's own movement that a region may show without a muscle: parallax of a turning head. */
const HEAD_LEAK = 0.16;
/** Least share of a movement that must be undone again. */
const RETURN = 0.45;
/** From here a movement has come back whole, and must rest for this long to be over. */
const WHOLE = 0.75;
const REST_MS = 80;
/** How far the look of both eyes changes for a moment in a blink, and for good in a shift of gaze. */
const BLINK_CHANGE = 0.35;
const GAZE_CHANGE = 0.4;
/** Lids drag brows and cheeks along: times the threshold, what these must reach to count beside moving eyes. */
const EYE_LEAK = 4;
/** No muscle carries the nose this far, thousandths of the eye distance: the head nods or turns. */
const NOSE_CARRIED = 22;
/** Above this the mouth speaks or laughs, thousandths of the eye distance: a micro-expression is faint. */
const MOUTH_STRONG = 45;
/** Alternations of the mouth within this long before and after that make speech. */
const SPEECH_MS = 1100;
const SPEECH_TURNS = 4;

interface Moment {
  readonly timeMs: number;
  readonly score: number;
  readonly rawScore: number;
  readonly moved: Float64Array;
  readonly group: Group;
  readonly groupScores: ReadonlyMap<GroupName, number>;
}

/**
 * A first honest spotter: a candidate is a movement of face regions, against the head and over the person's own
 * noise, that rises and returns within the time of a micro-expression and is neither blink, speech nor nod.
 */
export class ThresholdSpotter implements Spotter {
  private readonly history = new MotionHistory(HISTORY_MS);
  private readonly noise: Noise;
  private readonly groups: readonly Group[];
  private readonly eyeRegions: readonly number[];
  private moments: Moment[] = [];
  private pending: Moment | undefined;
  private blockedUntilMs = -Infinity;

  constructor(
    private readonly regions: readonly string[],
    private readonly settings: () => SpottingSettings,
    private readonly onSignal?: (signal: MotionSignal) => void,
  ) {
    this.groups = groupsOf(regions);
    this.eyeRegions = this.groups.find((g) => g.name === "eyes")?.regions ?? [];
    this.noise = new Noise(regions.length, FLOOR);
  }

  push(sample: MotionSample): Spotted[] {
    this.history.push(sample);
    const momentMs = sample.timeMs - HALF_SPAN_MS;
    if (momentMs - HALF_SPAN_MS < this.history.firstMs) return [];
    this.assess(momentMs);
    const settled: Spotted[] = [];
    this.findPeak();
    if (this.pending !== undefined && this.isOver(this.pending, sample.timeMs)) {
      settled.push(this.settle(this.pending));
      this.pending = undefined;
    }
    return settled;
  }

  get ready(): boolean {
    return this.history.lastMs - this.history.firstMs >= WARM_UP_MS;
  }

  end(): Spotted[] {
    const settled = this.pending === undefined ? [] : [this.settle(this.pending)];
    this.pending = undefined;
    return settled;
  }

  private assess(timeMs: number): void {
    const moved = featureDifferenceAt(this.history, timeMs, displacementOf);
    const sizes = lengths(moved.height);
    const head = featureDifferenceAt(this.history, timeMs, headOf);
    const leak = this.settings().headMotionGate ? HEAD_LEAK * Math.hypot(...head.height) : 0;
    const scoreOf = (group: Group, extra: number) =>
      returningScore(moved, group.regions, (r) => Math.hypot(this.noise.of(r), extra));
    const groupScores = new Map(this.groups.map((g) => [g.name, scoreOf(g, leak)]));
    const group = this.groups.reduce((best, g) =>
      (groupScores.get(g.name) ?? 0) > (groupScores.get(best.name) ?? 0) ? g : best,
    );
    const rawScore = scoreOf(group, 0);
    this.onSignal?.({ timeMs, score: rawScore, group: group.name });
    this.noise.push(timeMs, sizes);
    this.moments.push({
      timeMs,
      score: groupScores.get(group.name) ?? 0,
      rawScore,
      moved: moved.height,
      group,
      groupScores,
    });
    while ((this.moments[0]?.timeMs ?? Infinity) < timeMs - 2 * SPEECH_MS) this.moments.shift();
  }

  /** Takes the highest moment as pending once it has stayed the highest for PEAK_MS. */
  private findPeak(): void {
    const last = this.moments.at(-1);
    if (last === undefined || last.timeMs < this.history.firstMs + WARM_UP_MS) return;
    const middle = last.timeMs - PEAK_MS;
    const near = this.moments.filter((m) => m.timeMs >= middle - PEAK_MS);
    const peak = near.reduce((best, m) => (m.rawScore > best.rawScore ? m : best));
    if (peak.rawScore < this.settings().threshold || peak.timeMs > middle) return;
    if (peak.timeMs < this.blockedUntilMs) return;
    if (this.pending !== undefined) {
      if (peak.rawScore > this.pending.rawScore && peak.timeMs - this.pending.timeMs < this.settings().refractoryMs) {
        this.pending = peak;
        this.blockedUntilMs = peak.timeMs + PEAK_MS;
      }
      return;
    }
    this.pending = peak;
    this.blockedUntilMs = peak.timeMs + PEAK_MS;
  }

  /** A movement that has come back whole and stayed there is judged at once; the others when their time is up. */
  private isOver(peak: Moment, nowMs: number): boolean {
    if (nowMs >= peak.timeMs + REACH.after) return true;
    if (nowMs < peak.timeMs + HALF_SPAN_MS + 2 * PEAK_MS) return false;
    const shape = this.shapeAround(peak);
    return shape !== undefined && shape.symmetry >= WHOLE && nowMs - shape.offsetMs >= REST_MS;
  }

  private settle(peak: Moment): Spotted {
    const shape = this.shapeAround(peak);
    const reason = this.objection(peak, shape);
    if (reason !== undefined || shape === undefined) {
      const movement = shape && this.candidate(peak, shape);
      return {
        kind: "suppressed",
        reason: reason ?? "not_returning",
        apexMs: peak.timeMs,
        score: peak.rawScore,
        ...(movement && { movement }),
      };
    }
    this.blockedUntilMs = Math.max(this.blockedUntilMs, peak.timeMs + this.settings().refractoryMs);
    return { kind: "candidate", candidate: this.candidate(peak, shape) };
  }

  private shapeAround(peak: Moment): Shape | undefined {
    return shapeOf(this.history, peak.timeMs, this.direction(peak), REACH);
  }

  /** Eyes that are dragged along say nothing of where a brow goes. */
  private direction(peak: Moment): Float64Array {
    const counts = (region: number) => !this.eyeRegions.includes(region) || peak.group.name === "eyes";
    return directionOf(peak.moved, this.sigma, counts);
  }

  private objection(peak: Moment, shape: Shape | undefined): Suppression | undefined {
    const { blinkGate, headMotionGate } = this.settings();
    const eyes = blinkGate ? this.eyesAlone(peak) : undefined;
    if (eyes !== undefined) return eyes;
    if (headMotionGate && this.isHeadMotion(peak)) return "head_motion";
    if (this.isSpeech(peak)) return "speech";
    if (this.isTooStrong(peak)) return "too_strong";
    if (shape === undefined || shape.symmetry < RETURN) return "not_returning";
    return lengthRefusal(shape.offsetMs - shape.onsetMs, this.settings());
  }

  /** Both eyes change their look at once, and nothing else moves by far more than they leak into. */
  private eyesAlone(peak: Moment): "blink" | "gaze" | undefined {
    const eyes = peak.groupScores.get("eyes") ?? 0;
    const others = Math.max(...[...peak.groupScores].filter(([name]) => name !== "eyes").map(([, score]) => score));
    if (others >= Math.max(eyes, EYE_LEAK * this.settings().threshold)) return undefined;
    // The lesser of the two: a wink, or a hand over one eye, is no blink.
    const look = (fromMs: number, toMs: number) =>
      this.history
        .between(peak.timeMs + fromMs, peak.timeMs + toMs)
        .map((sample) => Math.min(...this.eyeRegions.map((r) => sample.change[r] as number)));
    const [before, after] = [Math.min(1, ...look(-280, -180)), Math.min(1, ...look(180, 280))];
    const top = Math.max(0, ...look(-150, 150));
    if (top - Math.max(before, after) > BLINK_CHANGE) return "blink";
    return after - before > GAZE_CHANGE || top - before > GAZE_CHANGE ? "gaze" : undefined;
  }

  /** The mouth goes to and fro several times: talking, or chewing. */
  private isSpeech(peak: Moment): boolean {
    if (peak.group.name !== "mouth" && peak.group.name !== "chin") return false;
    const axis = peak.group.regions.reduce((best, r) =>
      Math.abs(peak.moved[2 * r + 1] as number) > Math.abs(peak.moved[2 * best + 1] as number) ? r : best,
    );
    // Below three times the noise a turn is none.
    const level = Math.max(0.55 * Math.abs(peak.moved[2 * axis + 1] as number), 3 * this.noise.of(axis));
    let turns = 0;
    let side = 0;
    for (const moment of this.moments) {
      if (Math.abs(moment.timeMs - peak.timeMs) > SPEECH_MS) continue;
      const value = moment.moved[2 * axis + 1] as number;
      const now = value > level ? 1 : value < -level ? -1 : 0;
      if (now !== 0 && now !== side) {
        turns++;
        side = now;
      }
    }
    return turns >= SPEECH_TURNS;
  }

  private readonly sigma = (region: number): number => this.noise.of(region);

  private isHeadMotion(peak: Moment): boolean {
    if (peak.score < this.settings().threshold) return true;
    return this.largest(peak, ["nose"]) > NOSE_CARRIED;
  }

  private isTooStrong(peak: Moment): boolean {
    return this.largest(peak, ["mouth", "chin"]) > MOUTH_STRONG;
  }

  private largest(peak: Moment, names: readonly GroupName[]): number {
    const sizes = lengths(peak.moved);
    const regions = this.groups.filter((g) => names.includes(g.name)).flatMap((g) => g.regions);
    return Math.max(...regions.map((r) => sizes[r] as number));
  }

  private candidate(peak: Moment, shape: Shape): Candidate {
    const regions = regionsMoved(this.regions, peak.moved, this.sigma);
    return {
      ...roundedMarks(shape),
      score: rounded(peak.rawScore, 2),
      regions,
      reason: `${peak.group.name} moved ${rounded(peak.rawScore, 1)} times their noise and returned within ${Math.round(shape.offsetMs - shape.onsetMs)} ms`,
    };
  }
}
