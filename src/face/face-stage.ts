import type { CropLayout, FaceObservation, FacesInFrame, Frame } from "../stream/index.js";
import { applySimilarity, invertSimilarity } from "../stream/index.js";
import type { DetectedFace, FaceDetector } from "./detector.js";
import type { LandmarkFitter } from "./landmarks.js";
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
/** With a face in view the detector only looks for newcomers; with none, or one hidden, it looks more often. */
const SEARCH_EVERY_MS = 100;
/** A face that the mesh has not found for so long is hidden. */
const HIDDEN_AFTER_MS = 200;

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
  /** In the last search. */
  private sawTooSmall = false;
  /** Searches come so many times less often than the settings say: the first work to be left out of a hot board. */
  searchesApart = 1;
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
    this.hideCovered(frame.timeMs);
    const left = this.dropLost(frame.timeMs);
    const seen = this.tracks.filter(
      (t) => !t.hidden && (t.lastSeenMs === frame.timeMs || this.heldSince(t, frame.timeMs)),
    );
    const faces = await Promise.all(seen.map((track) => this.observe(track, frame)));
    return {
      faces: faces.filter((f): f is FaceObservation => f !== undefined),
      left,
      tooSmall: this.sawTooSmall,
      waitedFor: this.tracks.find((track) => !seen.includes(track))?.measures,
    };
  }

  /** Landmarks are taken less often than frames come: in between, the transform is held. */
  private heldSince(track: FaceTrack, timeMs: number): boolean {
    return timeMs - track.lastFitMs < this.settings.landmarksEveryMs;
  }

  private async detectIfDue(frame: Frame): Promise<void> {
    const searching = this.tracks.length === 0 || this.tracks.some((track) => track.hidden);
    const every = searching ? Math.min(SEARCH_EVERY_MS, this.settings.detectEveryMs) : this.settings.detectEveryMs;
    if (frame.timeMs - this.lastDetectMs < every * this.searchesApart) return;
    this.lastDetectMs = frame.timeMs;
    this.sawTooSmall = false;
    const detected = await this.detector.detect(frame.image);
    // Faces that appear together are numbered from left to right.
    for (const face of detected.sort((p, q) => p.x - q.x)) {
      const known = this.tracks.find((t) => !t.hidden && t.matches(face)) ?? this.hiddenLike(face);
      if (known === undefined) this.admit(face, frame.timeMs);
      else if (known.hidden) known.relocate(face);
      else if (known.lastSeenMs < this.lastDetectMs - this.settings.landmarksEveryMs) known.relocate(face);
    }
  }

  /** The hidden face that a detected one most likely is. */
  private hiddenLike(face: DetectedFace): FaceTrack | undefined {
    return this.tracks
      .filter((track) => track.hidden)
      .map((track) => ({ track, away: track.comesOutAs(face) ?? Infinity }))
      .filter(({ away }) => away < Infinity)
      .sort((p, q) => p.away - q.away)[0]?.track;
  }

  private admit(face: DetectedFace, timeMs: number): void {
    const [p, q] = face.eyes;
    if (Math.hypot(q.x - p.x, q.y - p.y) < this.settings.minEyeDistancePx) {
      this.stats.tooSmall++;
      this.sawTooSmall = true;
      return;
    }
    if (this.tracks.length >= this.settings.maxFaces) {
      this.stats.overLimit++;
      return;
    }
    this.tracks.push(new FaceTrack(this.nextId++, face, this.layout, timeMs));
  }

  private async follow(track: FaceTrack, frame: Frame): Promise<void> {
    if (track.hidden || this.heldSince(track, frame.timeMs)) return;
    const landmarks = await this.fitter.fit(frame.image, track.square);
    if (landmarks.presence >= PRESENT) track.follow(landmarks, frame.timeMs);
  }

  private hideCovered(timeMs: number): void {
    for (const track of this.tracks) {
      if (!track.hidden && timeMs - track.lastSeenMs > HIDDEN_AFTER_MS) track.hide();
    }
    // Of two tracks that lie on one face, the one that slid there has lost its own.
    for (const [i, track] of this.tracks.entries()) {
      for (const other of this.tracks.slice(0, i)) {
        if (track.hidden || other.hidden || !lieTogether(track, other)) continue;
        (track.slid >= other.slid ? track : other).hide();
      }
    }
  }

  private dropLost(timeMs: number): number[] {
    const lost = this.tracks.filter((t) => timeMs - t.lastSeenMs > this.settings.lostAfterMs);
    this.tracks = this.tracks.filter((t) => !lost.includes(t));
    return lost.map((t) => t.id);
  }

  private async observe(track: FaceTrack, frame: Frame): Promise<FaceObservation | undefined> {
    const { measures, mesh } = track;
    if (track.transform === undefined || measures === undefined) return undefined;
    const { size } = this.layout;
    return {
      face: track.id,
      timeMs: frame.timeMs,
      crop: await warpToBytes(frame.image, track.transform, size),
      eyeDistancePx: track.eyeDistancePx,
      cropCentre: applySimilarity(invertSimilarity(track.transform), { x: size / 2, y: size / 2 }),
      measures,
      ...(mesh && { mesh }),
    };
  }
}

function lieTogether(one: FaceTrack, other: FaceTrack): boolean {
  const away = Math.hypot(one.centre.x - other.centre.x, one.centre.y - other.centre.y);
  return away < 0.5 * Math.max(one.eyeDistancePx, other.eyeDistancePx);
}
