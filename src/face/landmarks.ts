import { floats, type Graph } from "../runtime/index.js";
import { Tensor } from "../runtime/onnxruntime.js";
import type { Mat } from "../runtime/opencv.js";
import { applySimilarity, invertSimilarity, type Point, type Square, squareToCrop } from "../stream/index.js";
import { warpToBytes } from "./warp.js";

const SIDE = 192;
const POINTS = 468;
/** The mesh wants the face's bounding square widened by half on all sides together. */
const MARGIN = 1.5;

/** Landmarks of one face: 468 points of MediaPipe's face mesh (Kartynnik et al. 2019) in pixels of the frame. */
export interface Landmarks {
  /** x0, y0, x1, y1, … */
  readonly xy: Float64Array;
  /** Depth of each point in pixels of the frame, growing away from the camera; the mesh's own guess. */
  readonly z: Float64Array;
  /** Probability that the region holds a face at all; no measure of how well the points fit. */
  readonly presence: number;
}

export function pointOf(landmarks: Landmarks, index: number): Point {
  return { x: landmarks.xy[2 * index] ?? 0, y: landmarks.xy[2 * index + 1] ?? 0 };
}

function middle(landmarks: Landmarks, p: number, q: number): Point {
  const a = pointOf(landmarks, p);
  const b = pointOf(landmarks, q);
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Means of each eye's corners, left side of the image first: they move with the skull, not with the lids. */
export function eyeCentres(landmarks: Landmarks): [Point, Point] {
  return [middle(landmarks, 33, 133), middle(landmarks, 362, 263)];
}

/** Where to look for the face in the next frame. */
export function nextSquare(landmarks: Landmarks): Square {
  const [left, right] = eyeCentres(landmarks);
  const angle = Math.atan2(right.y - left.y, right.x - left.x);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < POINTS; i++) {
    const { x, y } = pointOf(landmarks, i);
    const u = x * cos + y * sin;
    const v = y * cos - x * sin;
    minX = Math.min(minX, u);
    maxX = Math.max(maxX, u);
    minY = Math.min(minY, v);
    maxY = Math.max(maxY, v);
  }
  const [u, v] = [(minX + maxX) / 2, (minY + maxY) / 2];
  return { cx: u * cos - v * sin, cy: u * sin + v * cos, side: MARGIN * Math.max(maxX - minX, maxY - minY), angle };
}

/** Fits the face mesh inside a square of the frame. */
export class LandmarkFitter {
  constructor(private readonly graph: Graph) {}

  async fit(image: Mat, square: Square): Promise<Landmarks> {
    const toCrop = squareToCrop(square, SIDE);
    const bytes = await warpToBytes(image, toCrop, SIDE);
    const outputs = await this.graph.run({ image: new Tensor("uint8", bytes, [1, SIDE, SIDE, 3]) });
    const raw = floats(outputs, "landmarks");
    const back = invertSimilarity(toCrop);
    const xy = new Float64Array(2 * POINTS);
    const z = new Float64Array(POINTS);
    const scale = square.side / SIDE;
    for (let i = 0; i < POINTS; i++) {
      const p = applySimilarity(back, { x: raw[3 * i] ?? 0, y: raw[3 * i + 1] ?? 0 });
      xy[2 * i] = p.x;
      xy[2 * i + 1] = p.y;
      z[i] = scale * (raw[3 * i + 2] ?? 0);
    }
    return { xy, z, presence: 1 / (1 + Math.exp(-(floats(outputs, "presence")[0] ?? -100))) };
  }
}
