import type { Frame } from "../capture/frame.js";
import type { CropLayout } from "./alignment.js";
import type { DetectedFace, FaceDetector } from "./detector.js";
import { applySimilarity, invertSimilarity } from "./geometry.js";
import type { LandmarkFitter } from "./landmarks.js";
import type { FaceObservation, FacesInFrame } from "./observation.js";
import { FaceTrack } from "./track.js";
import { warpToBytes } from "./warp.js";

/** The configuration's section `face`. */
export interface FaceSettings {
  readonly detectEveryMs: number;
  readonly landmarksEveryMs: number;
  readonly maxFaces: number;
  readonly minEyeDistancePx: number;
  readonly lostAfterMs: number;
}

const PRESENT = 0.5;
/** With a face in view the detector only looks for newcomers; with none it looks more often. */
const SEARCH_EVERY_MS = 100;

/** Why faces were seen and yet not analysed, counted. */
export interface FaceStats {
  tooSmall: number;
  overLimit: number;
}

/** Frame in, aligned faces out: detection now and then, landmarks in between, one smoothed crop a face and frame. */
export class FaceStage {
  private tracks: FaceTrack[] = [];
  private nextId = 1;
  private lastDetectMs = -Infinity;
  readonly stats: FaceStats = { tooSmall: 0, overLimit: 0 };

  constructor(
    private readonly detector: FaceDetector,
    private readonly fitter: LandmarkFitter,
    private readonly layout: CropLayout,
    private readonly settings: FaceSettings,
  ) {}

  async process(frame: Frame): Promise<FacesInFrame> {
    await this.detectIfDue(frame);
    await Promise.all(this.tracks.map((track) => this.follow(track, frame)));
    const left = this.dropLost(frame.timeMs);
    const seen = this.tracks.filter((t) => t.lastSeenMs === frame.timeMs || this.heldSince(t, frame.timeMs));
    const faces = await Promise.all(seen.map((track) => this.observe(track, frame)));
    return { faces: faces.filter((f): f is FaceObservation => f !== undefined), left };
  }

  /** Landmarks are taken less often than frames come: in between, the transform is held. */
  private heldSince(track: FaceTrack, timeMs: number): boolean {
    return timeMs - track.lastFitMs < this.settings.landmarksEveryMs;
  }

  private async detectIfDue(frame: Frame): Promise<void> {
    const every = this.tracks.length === 0 ? SEARCH_EVERY_MS : this.settings.detectEveryMs;
    if (frame.timeMs - this.lastDetectMs < every) return;
    this.lastDetectMs = frame.timeMs;
    const detected = await this.detector.detect(frame.image);
    // Faces that appear together are numbered from left to right.
    for (const face of detected.sort((p, q) => p.x - q.x)) {
      const known = this.tracks.find((t) => t.matches(face));
      if (known === undefined) this.admit(face, frame.timeMs);
      else if (known.lastSeenMs < this.lastDetectMs - this.settings.landmarksEveryMs) known.relocate(face);
    }
  }

  private admit(face: DetectedFace, timeMs: number): void {
    const [p, q] = face.eyes;
    if (Math.hypot(q.x - p.x, q.y - p.y) < this.settings.minEyeDistancePx) {
      this.stats.tooSmall++;
      return;
    }
    if (this.tracks.length >= this.settings.maxFaces) {
      this.stats.overLimit++;
      return;
    }
    this.tracks.push(new FaceTrack(this.nextId++, face, this.layout, timeMs));
  }

  private async follow(track: FaceTrack, frame: Frame): Promise<void> {
    if (this.heldSince(track, frame.timeMs)) return;
    const landmarks = await this.fitter.fit(frame.image, track.square);
    if (landmarks.presence >= PRESENT) track.follow(landmarks, frame.timeMs);
  }

  private dropLost(timeMs: number): number[] {
    const lost = this.tracks.filter((t) => timeMs - t.lastSeenMs > this.settings.lostAfterMs);
    // Two tracks may slide onto one face: the older one keeps it.
    const doubled = this.tracks.filter((t, i) =>
      this.tracks
        .slice(0, i)
        .some((o) => Math.hypot(o.centre.x - t.centre.x, o.centre.y - t.centre.y) < 0.5 * t.eyeDistancePx),
    );
    const gone = new Set([...lost, ...doubled]);
    this.tracks = this.tracks.filter((t) => !gone.has(t));
    return [...gone].map((t) => t.id);
  }

  private async observe(track: FaceTrack, frame: Frame): Promise<FaceObservation | undefined> {
    if (track.transform === undefined) return undefined;
    const { size } = this.layout;
    return {
      face: track.id,
      timeMs: frame.timeMs,
      crop: await warpToBytes(frame.image, track.transform, size),
      eyeDistancePx: track.eyeDistancePx,
      cropCentre: applySimilarity(invertSimilarity(track.transform), { x: size / 2, y: size / 2 }),
    };
  }
}
