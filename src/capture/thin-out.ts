import type { Frame } from "../stream/index.js";

/** Leaves out every second frame while it is told to; what is left out is released and counted. */
export class ThinOut {
  /** True from the outside while every second frame is to be left out. */
  active = false;
  /** Frames left out so far. */
  leftOut = 0;
  private taken = false;

  /** The frames that remain; their times and numbers stay as they were captured. */
  async *of(frames: AsyncIterable<Frame>): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of frames) {
      this.taken = !(this.active && this.taken);
      if (this.taken) yield frame;
      else {
        frame.image.release();
        this.leftOut++;
      }
    }
  }
}
