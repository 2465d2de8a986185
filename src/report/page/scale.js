/**
 * Height of a score on the chart, 0…1: its root, so that the threshold can be told from nothing beside peaks many
 * times as high.
 * @param {number} score
 * @param {number} highest
 */
export const scoreHeight = (score, highest) => Math.sqrt(Math.max(0, score) / Math.max(highest, 1e-9));

/**
 * Round scores up to the highest, evenly spread on a scale of roots.
 * @param {number} highest
 */
export function scoreTicks(highest) {
  const all = [0, 1, 4, 10, 25, 50, 100, 200, 500, 1000, 2000, 5000];
  return all.filter((score) => score <= highest).slice(-6);
}
