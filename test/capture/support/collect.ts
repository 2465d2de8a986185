import type { Frame, FrameSource } from "../../../src/stream/frame.js";

export interface Seen {
  readonly index: number;
  readonly timeMs: number;
  readonly wallMs: number | undefined;
  readonly width: number;
  readonly height: number;
  /** Mean of the blue channel, rounded. */
  readonly blue: number;
  readonly atMs: number;
}

export function look(frame: Frame): Seen {
  const { index, timeMs, wallMs, image } = frame;
  const { cols, rows } = image;
  const blue = Math.round(image.mean().w);
  image.release();
  return { index, timeMs, wallMs, width: cols, height: rows, blue, atMs: performance.now() };
}

/** Takes frames until the source ends, or until `enough` says so; releases each. */
export async function collect(
  source: FrameSource,
  enough: (seen: readonly Seen[]) => boolean = () => false,
  signal: AbortSignal = AbortSignal.timeout(60_000),
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const frame of source.frames(signal)) {
    seen.push(look(frame));
    if (enough(seen)) break;
  }
  return seen;
}
