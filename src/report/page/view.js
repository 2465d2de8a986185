/**
 * A stretch of the stream that is on show, in milliseconds.
 * @typedef {{ fromMs: number, toMs: number }} View
 */

/** No closer than this: a few frames. */
const LEAST_MS = 120;
/** How much of the stream lies on either side of a movement that is looked up. */
const BESIDE_MS = 900;
const STEPS = [1, 2, 5];

/**
 * The view as far as the stream has it: moved back inside, never narrower than some frames.
 * @param {View} view
 * @param {number} durationMs
 * @returns {View}
 */
export function within({ fromMs, toMs }, durationMs) {
  const whole = Math.max(durationMs, LEAST_MS);
  const width = Math.min(whole, Math.max(LEAST_MS, toMs - fromMs));
  const from = Math.min(Math.max(0, fromMs), whole - width);
  return { fromMs: from, toMs: from + width };
}

/**
 * The view made narrower (factor below 1) or wider around a moment, which stays where it is.
 * @param {View} view
 * @param {number} factor
 * @param {number} durationMs
 * @param {number} [atMs]
 */
export function zoomed({ fromMs, toMs }, factor, durationMs, atMs = (fromMs + toMs) / 2) {
  // Held at the narrowest first, or a view that cannot narrow would wander.
  const width = Math.max(LEAST_MS, (toMs - fromMs) * factor);
  const share = (atMs - fromMs) / (toMs - fromMs);
  return within({ fromMs: atMs - share * width, toMs: atMs + (1 - share) * width }, durationMs);
}

/**
 * The view moved by a share of its width.
 * @param {View} view
 * @param {number} share
 * @param {number} durationMs
 */
export function panned({ fromMs, toMs }, share, durationMs) {
  const by = share * (toMs - fromMs);
  return within({ fromMs: fromMs + by, toMs: toMs + by }, durationMs);
}

/**
 * A view in which a movement stands in the middle.
 * @param {{ onsetMs: number, offsetMs: number }} movement
 * @param {number} durationMs
 */
export function around({ onsetMs, offsetMs }, durationMs) {
  return within({ fromMs: onsetMs - BESIDE_MS, toMs: offsetMs + BESIDE_MS }, durationMs);
}

/**
 * Round moments within a view, at most `most` and two at the least.
 * @param {View} view
 * @param {number} most
 * @returns {{ stepMs: number, timesMs: number[] }}
 */
export function ticksOf({ fromMs, toMs }, most) {
  const least = (toMs - fromMs) / Math.max(2, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const stepMs = (STEPS.find((step) => step * power >= least) ?? 10) * power;
  const first = Math.ceil(fromMs / stepMs);
  const count = Math.max(0, Math.floor(toMs / stepMs) - first + 1);
  return { stepMs, timesMs: Array.from({ length: count }, (_, i) => (first + i) * stepMs) };
}
