import type { CaptureStats } from "../contract/index.js";

/** Work of one kind: what is over, and what is not. */
export interface Count {
  readonly done: number;
  readonly inHand: number;
}

export interface Work {
  readonly frames: Count;
  /** Clips for HSTA, up to the event on disk. */
  readonly clips: Count;
  readonly source: CaptureStats["status"];
}

/**
 * A question for the watchdog: has everything that is owed moved since it was last asked? Frames are owed while the
 * source streams or one is being analysed, clips while one waits. A source that is known to be away (and is asked for
 * again), closed or between two pipelines is no reason to restart; a frame or clip that never comes out is, even then.
 */
export function progressSince(read: () => Work): () => boolean {
  const framesMove = movesWhile<Work>(
    ({ frames }) => frames.done,
    ({ frames, source }) => frames.inHand > 0 || source === "streaming",
  );
  const clipsMove = movesWhile<Work>(
    ({ clips }) => clips.done,
    ({ clips }) => clips.inHand > 0,
  );
  return () => {
    const work = read();
    const moves = [framesMove(work), clipsMove(work)];
    return moves.every(Boolean);
  };
}

/** False where `owed` says that `count` should have changed since the last call, and it has not. */
function movesWhile<T>(count: (now: T) => number, owed: (now: T) => boolean): (now: T) => boolean {
  let before = -1;
  return (now) => {
    const moved = count(now) !== before;
    before = count(now);
    return moved || !owed(now);
  };
}
