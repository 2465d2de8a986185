import type { CaptureStats } from "../capture/frame.js";

export interface Work {
  /** Frames that went through the pipeline since the start. */
  readonly processed: number;
  readonly source: CaptureStats["status"];
}

/**
 * A question for the watchdog: has anything been done since it was last asked? A source that is known to be away (and
 * is asked for again) is no reason to restart; one that streams into a pipeline that stands still is.
 */
export function progressSince(read: () => Work): () => boolean {
  let before = -1;
  return () => {
    const { processed, source } = read();
    const moved = processed !== before;
    before = processed;
    return moved || source !== "streaming";
  };
}
