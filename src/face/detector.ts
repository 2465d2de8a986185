import { floats, type Graph } from "../runtime/index.js";
import { Tensor } from "../runtime/onnxruntime.js";
import type { Mat } from "../runtime/opencv.js";
import { applySimilarity, invertSimilarity, type Point, squareToCrop } from "../stream/index.js";
import { warpToBytes } from "./warp.js";

const SIDE = 128;
const VALUES = 16;
const OVERLAP = 0.3;

/** A face as the detector sees it, in pixels of the frame. */
export interface DetectedFace {
  readonly score: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Eye centres, left side of the image first. */
  readonly eyes: readonly [Point, Point];
}

/** BlazeFace's anchor centres, 0…1: a 16 × 16 grid with 2 anchors a cell, then 8 × 8 with 6 (Bazarevsky et al. 2019). */
const ANCHORS: readonly Point[] = [
  { grid: 16, copies: 2 },
  { grid: 8, copies: 6 },
].flatMap(({ grid, copies }) =>
  Array.from({ length: grid * grid * copies }, (_, i) => {
    const cell = Math.floor(i / copies);
    return { x: ((cell % grid) + 0.5) / grid, y: (Math.floor(cell / grid) + 0.5) / grid };
  }),
);

/** One weighted box of the network: centre, size, then two eyes, in 0…1 of its input. */
type Raw = { score: number; values: number[] };

function iou(p: Raw, q: Raw): number {
  const edge = (r: Raw, axis: 0 | 1): [number, number] => {
    const centre = r.values[axis] ?? 0;
    const half = (r.values[axis + 2] ?? 0) / 2;
    return [centre - half, centre + half];
  };
  let shared = 1;
  for (const axis of [0, 1] as const) {
    const [a, b] = edge(p, axis);
    const [c, d] = edge(q, axis);
    shared *= Math.max(0, Math.min(b, d) - Math.max(a, c));
  }
  const area = (r: Raw) => (r.values[2] ?? 0) * (r.values[3] ?? 0);
  return shared / (area(p) + area(q) - shared);
}

/** Overlapping boxes become their mean, weighted by score, as BlazeFace's authors do against jitter. */
function blend(raws: Raw[]): Raw[] {
  const rest = raws.sort((p, q) => q.score - p.score);
  const kept: Raw[] = [];
  while (rest.length > 0) {
    const best = rest[0] as Raw;
    const group = rest.filter((r) => r === best || iou(best, r) > OVERLAP);
    for (const member of group) rest.splice(rest.indexOf(member), 1);
    const weight = group.reduce((sum, r) => sum + r.score, 0);
    const values = best.values.map((_, k) => group.reduce((sum, r) => sum + r.score * (r.values[k] ?? 0), 0) / weight);
    kept.push({ score: best.score, values });
  }
  return kept;
}

/** Finds faces with MediaPipe's short-range BlazeFace: near-frontal faces from about a tenth of the frame's side. */
export class FaceDetector {
  constructor(
    private readonly graph: Graph,
    private readonly minScore: number,
  ) {}

  /** @param image BGR frame; it stays the caller's. */
  async detect(image: Mat): Promise<DetectedFace[]> {
    const side = Math.max(image.cols, image.rows);
    const toCrop = squareToCrop({ cx: image.cols / 2, cy: image.rows / 2, side, angle: 0 }, SIDE);
    const bytes = await warpToBytes(image, toCrop, SIDE);
    const outputs = await this.graph.run({ image: new Tensor("uint8", bytes, [1, SIDE, SIDE, 3]) });
    const back = invertSimilarity(toCrop);
    return blend(this.decode(floats(outputs, "boxes"), floats(outputs, "scores"))).map(({ score, values }) => {
      const at = (k: number): Point =>
        applySimilarity(back, { x: (values[k] ?? 0) * SIDE, y: (values[k + 1] ?? 0) * SIDE });
      const centre = at(0);
      const width = (values[2] ?? 0) * side;
      const height = (values[3] ?? 0) * side;
      const eyes: [Point, Point] = [at(4), at(6)];
      if (eyes[0].x > eyes[1].x) eyes.reverse();
      return { score, x: centre.x - width / 2, y: centre.y - height / 2, width, height, eyes };
    });
  }

  private decode(boxes: Float32Array, scores: Float32Array): Raw[] {
    const raws: Raw[] = [];
    for (let i = 0; i < ANCHORS.length; i++) {
      const score = 1 / (1 + Math.exp(-(scores[i] ?? -100)));
      if (score < this.minScore) continue;
      const anchor = ANCHORS[i] as Point;
      const values = Array.from({ length: 8 }, (_, k) => {
        const relative = (boxes[i * VALUES + k] ?? 0) / SIDE;
        if (k === 2 || k === 3) return relative;
        return relative + (k % 2 === 0 ? anchor.x : anchor.y);
      });
      raws.push({ score, values });
    }
    return raws;
  }
}
