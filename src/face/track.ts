import type { CropLayout, FaceMeasures, Point, Similarity, Square } from "../stream/index.js";
import { Alignment } from "./alignment.js";
import type { DetectedFace } from "./detector.js";
import { eyeCentres, type Landmarks, nextSquare } from "./landmarks.js";
import { measuresOf } from "./measures.js";

/** How far a hidden face may come out from where it went, in eye distances, and how much nearer or further away. */
const REACH = 3;
const RATIO = 1.6;
/** Over so long a movement is judged when two tracks have come to lie on one face. */
const TRAIL_MS = 400;
/** Between two fits nobody grows or shrinks by more: the mesh has slipped onto another face. */
const GROWTH = 1.25;

/** One face over time. */
export class FaceTrack {
  private alignment: Alignment;
  private trail: { readonly timeMs: number; readonly centre: Point }[] = [];
  square: Square;
  transform: Similarity | undefined;
  /** Of the last fit. */
  measures: FaceMeasures | undefined;
  mesh: Float64Array | undefined;
  eyes: readonly [Point, Point];
  lastSeenMs: number;
  lastFitMs = -Infinity;
  /** Somebody or something is in front of it: it is waited for where it went, and nothing is fitted there. */
  hidden = false;

  constructor(
    readonly id: number,
    detected: DetectedFace,
    private readonly layout: CropLayout,
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
    const eyes = eyeCentres(landmarks);
    const distance = Math.hypot(eyes[1].x - eyes[0].x, eyes[1].y - eyes[0].y);
    const growth = distance / this.eyeDistancePx;
    if (this.transform !== undefined && (growth > GROWTH || growth < 1 / GROWTH)) return;
    this.square = nextSquare(landmarks);
    this.eyes = eyes;
    this.measures = measuresOf(landmarks, timeMs);
    this.mesh = landmarks.xy;
    this.transform = this.alignment.update(this.eyes, timeMs);
    this.lastSeenMs = timeMs;
    this.lastFitMs = timeMs;
    this.trail = [...this.trail.filter((point) => timeMs - point.timeMs <= TRAIL_MS), { timeMs, centre: this.centre }];
  }

  /** Stops following, and waits where the face was before it slid onto another. */
  hide(): void {
    const { x, y } = this.lately;
    const back = (eye: Point): Point => ({ x: eye.x - x, y: eye.y - y });
    this.eyes = [back(this.eyes[0]), back(this.eyes[1])];
    this.hidden = true;
    this.trail = [];
  }

  /** How far it has come lately, in eye distances. */
  get slid(): number {
    return Math.hypot(this.lately.x, this.lately.y) / this.eyeDistancePx;
  }

  /** The way that it has come over its trail. */
  private get lately(): Point {
    const { x, y } = this.centre;
    const first = this.trail[0]?.centre ?? { x, y };
    return { x: x - first.x, y: y - first.y };
  }

  /** Looks where the detector found the face again; one that was hidden is seen anew. */
  relocate(detected: DetectedFace): void {
    this.square = squareOf(detected);
    if (!this.hidden) return;
    this.hidden = false;
    this.eyes = detected.eyes;
    this.alignment = new Alignment(this.layout);
    this.transform = undefined;
  }

  /** How far a detected face is from where this one was hidden, in eye distances; undefined if it cannot be it. */
  comesOutAs(detected: DetectedFace): number | undefined {
    const [p, q] = detected.eyes;
    const ratio = Math.hypot(q.x - p.x, q.y - p.y) / this.eyeDistancePx;
    if (ratio > RATIO || ratio < 1 / RATIO) return undefined;
    const away = Math.hypot((p.x + q.x) / 2 - this.centre.x, (p.y + q.y) / 2 - this.centre.y) / this.eyeDistancePx;
    return away <= REACH ? away : undefined;
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
