import type { Detection } from "../contract/index.js";
import { captionOf } from "./caption.js";

/** hh:mm:ss,mmm */
function stampOf(ms: number): string {
  const whole = Math.round(ms);
  const part = (divisor: number, modulus: number, width: number) =>
    String(Math.floor(whole / divisor) % modulus).padStart(width, "0");
  return `${part(3_600_000, 1000, 2)}:${part(60_000, 60, 2)}:${part(1000, 60, 2)},${part(1, 1000, 3)}`;
}

/** Shorter than this nobody reads a subtitle. */
const LEAST_MS = 1000;

/** Events as subtitles (SubRip), each from its onset for a second at least, to lay over the recording in a player. */
export function srtOf(events: readonly Detection[]): string {
  return [...events]
    .sort((a, b) => a.onsetMs - b.onsetMs)
    .map((event, i) => {
      const endMs = Math.max(event.offsetMs, event.onsetMs + LEAST_MS);
      return `${i + 1}\n${stampOf(event.onsetMs)} --> ${stampOf(endMs)}\nFace ${event.face}: ${captionOf(event)}\n`;
    })
    .join("\n");
}
