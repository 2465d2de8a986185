import { captionOf } from "./caption.js";
import { gathered, type Recording } from "./recording.js";

/** hh:mm:ss,mmm; nothing comes before the beginning. */
function stampOf(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const part = (divisor: number, modulus: number, width: number) =>
    String(Math.floor(whole / divisor) % modulus).padStart(width, "0");
  return `${part(3_600_000, 1000, 2)}:${part(60_000, 60, 2)}:${part(1000, 60, 2)},${part(1, 1000, 3)}`;
}

/** Shorter than this nobody reads a subtitle. */
const LEAST_MS = 1000;

/** Events as subtitles (SubRip), each from its onset for a second at least, to lay over the recording in a player. */
export async function* subtitlesOf(recording: Recording): AsyncGenerator<string> {
  const events = (await gathered(recording.events())).sort((a, b) => a.onsetMs - b.onsetMs);
  for (const [i, event] of events.entries()) {
    const endMs = Math.max(event.offsetMs, event.onsetMs + LEAST_MS);
    const blank = i === 0 ? "" : "\n";
    yield `${blank}${i + 1}\n${stampOf(event.onsetMs)} --> ${stampOf(endMs)}\nFace ${event.face}: ${captionOf(event)}\n`;
  }
}
