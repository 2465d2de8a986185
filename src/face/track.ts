import { Alignment, type CropLayout } from "./alignment.js";
import type { DetectedFace } from "./detector.js";
import type { Point, Similarity, Square } from "./geometry.js";
import { eyeCentres, type Landmarks, nextSquare } from "./landmarks.js";

/** One face over time. */
export class FaceTrack {
  private readonly alignment: Alignment;
  square: Square;
  transform: Similarity | undefined;
  eyes: readonly [Point, Point];
  lastSeenMs: number;
  lastFitMs = -Infinity;

  constructor(
    readonly id: number,
    detected: DetectedFace,
    layout: CropLayout,
    timeMs: number,
  ) {
    this.alignment = new Alignment(layout);
    this.eyes = detected.eyes;
    this.lastSeenMs = timeMs;
    this.square = squareOf(detected);
  }

  get eyeDistancePx(): number {
    const [p, q] = this.eyes;
    return Math.hypot(q.x - p.x, q.y - p.y);
  }

  get centre(): Point {
    const [p, q] = this.eyes;
    return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
  }

  /** Takes the landmarks of a frame in which the face was seen. */
  follow(landmarks: Landmarks, timeMs: number): void {
    this.square = nextSquare(landmarks);
    this.eyes = eyeCentres(landmarks);
    this.transform = this.alignment.update(this.eyes, timeMs);
    this.lastSeenMs = timeMs;
    this.lastFitMs = timeMs;
  }

  /** Looks where the detector found the face again. */
  relocate(detected: DetectedFace): void {
    this.square = squareOf(detected);
  }

  /** True if the detected face is this one: their centres lie closer than an eye distance and a half. */
  matches(detected: DetectedFace): boolean {
    const [p, q] = detected.eyes;
    const away = Math.hypot((p.x + q.x) / 2 - this.centre.x, (p.y + q.y) / 2 - this.centre.y);
    const distance = Math.hypot(q.x - p.x, q.y - p.y);
    return away < 1.5 * Math.max(distance, this.eyeDistancePx);
  }
}

function squareOf(detected: DetectedFace): Square {
  const [p, q] = detected.eyes;
  return {
    cx: detected.x + detected.width / 2,
    cy: detected.y + detected.height / 2,
    side: 1.5 * Math.max(detected.width, detected.height),
    angle: Math.atan2(q.y - p.y, q.x - p.x),
  };
}
