import type { Frame } from "../stream/index.js";

/** Tells the wall clock of the stream's moments, by the last frame: the wall clock may be set while the daemon runs. */
export class StreamClock {
  /** Wall clock at the stream's zero, milliseconds since the Unix epoch. */
  private zeroMs = Date.now();

  /** Called for every frame, in order. */
  frame({ timeMs, wallMs }: Pick<Frame, "timeMs" | "wallMs">): void {
    this.zeroMs = (wallMs ?? Date.now()) - timeMs;
  }

  /** Wall clock of a moment of the stream, milliseconds since the Unix epoch. */
  wallMs(timeMs: number): number {
    return this.zeroMs + timeMs;
  }
}
