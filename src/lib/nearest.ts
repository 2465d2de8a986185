import { distance } from "fastest-levenshtein";

/** The known word that somebody most likely meant, or undefined where none is close. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  const wanted = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(written.length / 3)) + 0.5;
  for (const candidate of known) {
    const whole = candidate.toLowerCase();
    // "fps" means "source.fps": the last part alone counts nearly as much as the whole path.
    const away = Math.min(distance(wanted, whole), distance(wanted, whole.slice(whole.lastIndexOf(".") + 1)) + 0.25);
    if (away < bestDistance) [best, bestDistance] = [candidate, away];
  }
  return best;
}
