import type { CropLayout } from "../stream/index.js";
import { type Point, pointsToCrop, type Similarity } from "../stream/index.js";
import { OneEuro } from "./one-euro.js";

/**
 * Turns the eye centres of one face into a transform whose jitter does not look like motion: position, angle and
 * scale are smoothed each on its own, hard while the head rests and little while it moves. What is left of the
 * head's motion is measured and removed by the spotter.
 */
export class Alignment {
  // Positions are filtered in eye distances, so that near and far faces are treated alike.
  private readonly x = new OneEuro(1.2, 6);
  private readonly y = new OneEuro(1.2, 6);
  private readonly angle = new OneEuro(0.8, 4);
  private readonly logScale = new OneEuro(0.5, 3);
  private unit: number | undefined;

  constructor(private readonly layout: CropLayout) {}

  /** @param eyes eye centres in the frame, left side of the image first. */
  update(eyes: readonly [Point, Point], timeMs: number): Similarity {
    const [p, q] = eyes;
    const distance = Math.hypot(q.x - p.x, q.y - p.y);
    this.unit ??= distance;
    const cx = this.x.filter((p.x + q.x) / 2 / this.unit, timeMs) * this.unit;
    const cy = this.y.filter((p.y + q.y) / 2 / this.unit, timeMs) * this.unit;
    const angle = this.angle.filter(Math.atan2(q.y - p.y, q.x - p.x), timeMs);
    const half = Math.exp(this.logScale.filter(Math.log(distance), timeMs)) / 2;
    const dx = Math.cos(angle) * half;
    const dy = Math.sin(angle) * half;
    const at = ([x, y]: readonly [number, number]): Point => ({ x: x * this.layout.size, y: y * this.layout.size });
    return pointsToCrop(
      [
        { x: cx - dx, y: cy - dy },
        { x: cx + dx, y: cy + dy },
      ],
      [at(this.layout.leftEye), at(this.layout.rightEye)],
    );
  }
}
