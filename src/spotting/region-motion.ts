import { floats, type Graph } from "../runtime/index.js";
import { Tensor } from "../runtime/onnxruntime.js";
import type { AlignedFace, Point } from "../stream/index.js";
import { solveSymmetric } from "./linear.js";
import type { MotionSample } from "./motion-sample.js";

/** gx, gx·x, gx·y, gy, gy·x, gy·y, It: the order of the graph's products (training/flinch_train/model/motion.py). */
const TERMS = 7;
const AFFINE = 6;
const CHANGE = 6;
const [GX, GY] = [0, 3];

/** A reference older than this gives way: the face has drifted from it. */
export const REFERENCE_MS = 600;
/** Beyond this displacement of the head, in crop pixels, brightness no longer follows its gradient. */
export const REFERENCE_PX = 0.8;
/** While the lids are mid-blink the face is a poor reference; wait, but not for ever. */
export const BLINKING_CHANGE = 0.5;
export const REFERENCE_LATEST_MS = 1000;
export const RIDGE_AFFINE = 1e-4;
export const RIDGE_REGION = 4e-4;

/**
 * Measures how every region of one face moves. Each crop is compared with a reference crop that is renewed now and
 * then; the displacements up to each renewal are added up, so that the samples form one unbroken trajectory.
 */
export class RegionMotion {
  private reference: Float32Array | undefined;
  private referenceMs = 0;
  private readonly baseDisplacement: Float64Array;
  private readonly baseHead = new Float64Array(4);
  /** How far the crop has followed the head, thousandths of the eye distance. */
  private readonly followed = new Float64Array(2);
  private lastCentre: Point | undefined;
  private readonly regionCount: number;
  private readonly eyes: readonly number[];

  constructor(
    private readonly graph: Graph,
    regions: readonly string[],
    private readonly size: number,
    /** Distance of the eye centres in the crop, pixels. */
    private readonly eyeDistance: number,
  ) {
    this.regionCount = regions.length;
    this.baseDisplacement = new Float64Array(2 * regions.length);
    this.eyes = regions.flatMap((name, i) => (name.startsWith("eye_") ? [i] : []));
  }

  /** @returns the sample of this crop; the first of a face is all zeros. */
  async measure(face: AlignedFace): Promise<MotionSample> {
    this.followCrop(face);
    const plane = this.size / 2;
    const shape = [1, 1, plane, plane];
    const outputs = await this.graph.run({
      reference: new Tensor("float32", this.reference ?? new Float32Array(plane * plane), shape),
      current: new Tensor("uint8", face.crop, [1, this.size, this.size, 3]),
    });
    const current = floats(outputs, "plane");
    if (this.reference === undefined) {
      this.reference = current;
      this.referenceMs = face.timeMs;
      return {
        timeMs: face.timeMs,
        displacement: new Float64Array(2 * this.regionCount),
        change: new Float64Array(this.regionCount),
        head: new Float64Array(4),
      };
    }
    const gram = floats(outputs, "gram");
    const affine = this.headMotion(gram);
    const { inCrop, ...sample } = this.sampleOf(gram, affine, face);
    if (this.isDue(face.timeMs, affine, sample.change)) {
      this.baseDisplacement.set(sample.displacement);
      this.baseHead.set(inCrop);
      this.reference = current;
      this.referenceMs = face.timeMs;
    }
    return sample;
  }

  /** Affine motion of the stable parts: u = θ0 + θ1 x + θ2 y, v = θ3 + θ4 x + θ5 y, in crop pixels. */
  private headMotion(gram: Float32Array): Float64Array {
    const stable = this.regionCount;
    const a = new Float64Array(AFFINE * AFFINE);
    const b = new Float64Array(AFFINE);
    for (let i = 0; i < AFFINE; i++) {
      for (let j = 0; j <= i; j++) a[i * AFFINE + j] = this.entry(gram, i, j, stable);
      b[i] = -this.entry(gram, i, CHANGE, stable);
    }
    return solveSymmetric(a, b, RIDGE_AFFINE);
  }

  private sampleOf(
    gram: Float32Array,
    affine: Float64Array,
    face: AlignedFace,
  ): MotionSample & { inCrop: Float64Array } {
    const unit = 1000 / this.eyeDistance;
    const displacement = new Float64Array(2 * this.regionCount);
    const change = new Float64Array(this.regionCount);
    for (let r = 0; r < this.regionCount; r++) {
      // The change that is left of a gradient's product once the head's motion has been taken out.
      const left = (term: number) => {
        let sum = this.entry(gram, term, CHANGE, r);
        for (let k = 0; k < AFFINE; k++) sum += this.entry(gram, term, k, r) * (affine[k] as number);
        return sum;
      };
      const [xx, xy, yy] = [this.entry(gram, GX, GX, r), this.entry(gram, GX, GY, r), this.entry(gram, GY, GY, r)];
      const moved = solveSymmetric([xx, xy, xy, yy], [-left(GX), -left(GY)], RIDGE_REGION);
      displacement[2 * r] = (this.baseDisplacement[2 * r] as number) + (moved[0] as number) * unit;
      displacement[2 * r + 1] = (this.baseDisplacement[2 * r + 1] as number) + (moved[1] as number) * unit;
      let energy = left(CHANGE);
      for (let k = 0; k < AFFINE; k++) energy += (affine[k] as number) * left(k);
      change[r] = Math.sqrt(Math.max(0, energy));
    }
    const half = this.size / 2;
    const [t0, t1, t2, t3, t4, t5] = affine as unknown as [number, number, number, number, number, number];
    const head = Float64Array.of(t0 * unit, t3 * unit, ((t4 - t2) / 2 / half) * 1000, ((t1 + t5) / 2 / half) * 1000);
    const inCrop = head.map((value, i) => value + (this.baseHead[i] as number));
    return {
      timeMs: face.timeMs,
      displacement,
      change,
      inCrop,
      head: this.inFrame(inCrop),
    };
  }

  private followCrop({ cropCentre, eyeDistancePx }: AlignedFace): void {
    const last = this.lastCentre ?? cropCentre;
    this.followed[0] = (this.followed[0] as number) + ((cropCentre.x - last.x) / eyeDistancePx) * 1000;
    this.followed[1] = (this.followed[1] as number) + ((cropCentre.y - last.y) / eyeDistancePx) * 1000;
    this.lastCentre = cropCentre;
  }

  /** The head's motion in the room: that of the crop, and that inside the crop. */
  private inFrame(inCrop: Float64Array): Float64Array {
    return inCrop.map((value, i) => value + (this.followed[i] ?? 0));
  }

  private isDue(timeMs: number, affine: Float64Array, change: Float64Array): boolean {
    const age = timeMs - this.referenceMs;
    if (Math.hypot(affine[0] as number, affine[3] as number) > REFERENCE_PX) return true;
    if (age < REFERENCE_MS) return false;
    const blinking = this.eyes.some((r) => (change[r] as number) > BLINKING_CHANGE);
    return !blinking || age > REFERENCE_LATEST_MS;
  }

  private entry(gram: Float32Array, i: number, j: number, region: number): number {
    return gram[(i * TERMS + j) * (this.regionCount + 1) + region] ?? 0;
  }
}
