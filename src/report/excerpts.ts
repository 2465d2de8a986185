import { FaceExcerpts, packExcerpt } from "../history/excerpts.js";
import type { MotionSample, MotionSignal } from "../spotting/index.js";
import type { ListedMovement } from "./movement.js";

/** Hands every movement the motion around it, once its end has been seen. The names of the regions are left out. */
export class Excerpts {
  private readonly faces = new Map<number, FaceExcerpts>();
  private readonly waiting = new Map<string, ListedMovement>();
  private count = 0;

  /** @param maxFps the fastest video that a face's memory is made for */
  constructor(private readonly maxFps: number) {}

  sample(face: number, sample: MotionSample): void {
    let excerpts = this.faces.get(face);
    if (excerpts === undefined) {
      const unnamed = Array.from({ length: sample.change.length }, () => "");
      excerpts = new FaceExcerpts(unnamed, this.maxFps, (key, excerpt) => {
        const movement = this.waiting.get(key);
        if (movement !== undefined) movement.excerpt = packExcerpt({ ...excerpt, regions: [] });
        this.waiting.delete(key);
      });
      this.faces.set(face, excerpts);
    }
    excerpts.sample(sample);
  }

  signal(face: number, signal: MotionSignal): void {
    this.faces.get(face)?.signal(signal);
  }

  /** Sets the movement's `excerpt` in its time. */
  await(movement: ListedMovement): void {
    const key = String(this.count++);
    this.waiting.set(key, movement);
    this.faces.get(movement.face)?.await(key, movement);
  }

  /** The face has left: what waits for it gets what there is. */
  leave(face: number): void {
    this.faces.get(face)?.end();
    this.faces.delete(face);
  }

  end(): void {
    for (const face of [...this.faces.keys()]) this.leave(face);
  }
}
