import { setImmediate as breath } from "node:timers/promises";
import type { Excerpt, History, KeptMovement } from "../history/index.js";
import type { Blocks, SignalSample, Signals } from "./recording.js";
import { shifted } from "./wall-time.js";

/**
 * The motion around each movement, excerpt by excerpt; where excerpts overlap, a moment comes once for each movement.
 * @param select the movements, in order of time
 * @param by milliseconds from the stream's zero to the recording's
 */
export function excerptSignals(
  history: Pick<History, "excerptOf">,
  select: () => Blocks<KeptMovement>,
  by: (kept: KeptMovement) => number,
): Signals {
  async function* excerpts() {
    for await (const page of select())
      for (const kept of page) {
        const excerpt = history.excerptOf(kept.id);
        if (excerpt !== undefined) yield { kept, excerpt };
        await breath();
      }
  }
  return {
    async regions() {
      const names = new Set<string>();
      for await (const { excerpt } of excerpts()) for (const name of excerpt.regions) names.add(name);
      return [...names];
    },
    async *samples() {
      for await (const { kept, excerpt } of excerpts()) yield samplesOf(excerpt, kept, by(kept));
    },
  };
}

function samplesOf(excerpt: Excerpt, { id, movement }: KeptMovement, byMs: number): SignalSample[] {
  const { regions, timesMs, displacement, change, head, signal } = excerpt;
  let next = 0;
  return timesMs.map((timeMs, i) => {
    while ((signal[next]?.timeMs ?? Number.POSITIVE_INFINITY) <= timeMs) next++;
    const last = signal[next - 1];
    return {
      timeMs: shifted(timeMs, byMs),
      face: movement.face,
      movement: id,
      regions,
      displacement: displacement[i] ?? [],
      change: change[i] ?? [],
      head: head[i] ?? [],
      signal: last ? { ...last, timeMs: shifted(last.timeMs, byMs) } : null,
    };
  });
}
