/**
 * The moments of a clip that the model sees: `count` evenly spaced from onset to offset, both included
 * (HSTA's published test code picks at random; a classification must not depend on chance).
 */
export function evenly(onsetMs: number, offsetMs: number, count: number): number[] {
  if (count === 1) return [(onsetMs + offsetMs) / 2];
  return Array.from({ length: count }, (_, i) => onsetMs + ((offsetMs - onsetMs) * i) / (count - 1));
}
