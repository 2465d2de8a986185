import { type GapReason, gapReasons } from "../contract/index.js";
import { LEAST_FPS, LONGEST_GAP_MS } from "../spotting/index.js";
import type { FaceMeasures } from "../stream/index.js";
import type { CropQuality } from "./crop-quality.js";

/** For how long a face could be judged, and why not for the rest. Milliseconds of the stream. */
export interface CoverageMs {
  readonly watched: number;
  /** At least one face could be judged. */
  readonly judged: number;
  /** No face could; they add up to what is left. */
  readonly gaps: Readonly<Partial<Record<GapReason, number>>>;
}

/** What is known of one face at a frame. */
export interface FaceState {
  readonly measures: FaceMeasures;
  readonly quality: CropQuality;
  /** Its spotter has seen it for long enough to notice a movement that ends now. */
  readonly ready: boolean;
}

/** A frame, as far as it matters for coverage. */
export interface CoveredFrame {
  readonly timeMs: number;
  readonly faces: readonly FaceState[];
  /** A face was seen, and is too small. */
  readonly tooSmall: boolean;
  /** Of a face that is waited for. */
  readonly waitedFor: FaceMeasures | undefined;
}

/** Beyond these angles half of the face is hidden or foreshortened, and the mesh is a guess. Degrees. */
export const TURNED = { yaw: 35, pitch: 35 } as const;
/** Mean brightness of a crop below which noise and coding have eaten small movements. */
export const DARK = 25;
/** Least sharpness of a crop (`CropQuality`). */
export const BLURRED = 0.1;
/** Over so long the frame rate is judged. */
const RATE_MS = 500;
/** A camera of 25 frames a second that wavers a little is one all the same. */
const RATE_TOLERANCE = 0.1;

const isTurned = ({ yaw, pitch }: FaceMeasures): boolean =>
  Math.abs(yaw) > TURNED.yaw || Math.abs(pitch) > TURNED.pitch;

/** Adds up for how long faces could be judged. */
export class Coverage {
  private watched = 0;
  private judged = 0;
  private readonly gaps: Partial<Record<GapReason, number>> = {};
  private lastMs: number | undefined;
  /** Mean distance of frames, forgetting. */
  private intervalMs: number | undefined;

  /** Called for every frame, in order: the time since the one before has the state of this one. */
  frame(frame: CoveredFrame): void {
    const sinceMs = this.lastMs === undefined ? 0 : Math.max(0, frame.timeMs - this.lastMs);
    this.lastMs = frame.timeMs;
    if (sinceMs === 0) return;
    this.intervalMs = this.mean(sinceMs);
    this.watched += sinceMs;
    const reason = this.reasonOf(frame, sinceMs);
    if (reason === undefined) this.judged += sinceMs;
    else this.gaps[reason] = (this.gaps[reason] ?? 0) + sinceMs;
  }

  get ms(): CoverageMs {
    return { watched: this.watched, judged: this.judged, gaps: { ...this.gaps } };
  }

  private mean(sinceMs: number): number {
    if (this.intervalMs === undefined) return sinceMs;
    const share = 1 - Math.exp(-sinceMs / RATE_MS);
    return this.intervalMs + share * (sinceMs - this.intervalMs);
  }

  private reasonOf({ faces, tooSmall, waitedFor }: CoveredFrame, sinceMs: number): GapReason | undefined {
    if (faces.length === 0) {
      if (waitedFor !== undefined && isTurned(waitedFor)) return "turned_away";
      return tooSmall ? "too_small" : "no_face";
    }
    const tooFew = sinceMs > LONGEST_GAP_MS || (this.intervalMs ?? 0) > 1000 / (LEAST_FPS * (1 - RATE_TOLERANCE));
    if (tooFew) return "too_few_frames";
    const reasons = faces.map(reasonOfFace);
    return reasons.includes(undefined) ? undefined : reasons.sort(byOrder)[0];
  }
}

function reasonOfFace({ measures, quality, ready }: FaceState): GapReason | undefined {
  if (isTurned(measures)) return "turned_away";
  if (quality.brightness < DARK) return "dark";
  if (quality.sharpness < BLURRED) return "blurred";
  return ready ? undefined : "settling_in";
}

/** Of several faces, the one that came nearest to being judged tells why it was not. */
const byOrder = (a: GapReason | undefined, b: GapReason | undefined): number =>
  gapReasons.indexOf(b ?? "no_face") - gapReasons.indexOf(a ?? "no_face");
