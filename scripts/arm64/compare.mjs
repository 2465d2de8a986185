/** Are the events of one machine those of another? Their ids and hashes are not looked at, what they say is. */

/** How far two machines' events may lie apart: a frame of the demo's video, and the rounding of other kernels. */
export const LIMITS = { timeMs: 17, probability: 0.02 };

const TIMES = ["onsetMs", "apexMs", "offsetMs"];
const VIEWS = ["probabilities", "actionUnits"];

/** The events of `flinch analyze`'s standard output; throws on anything else there, as its reader would. */
export function eventsOf(output) {
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        throw new Error(`standard output holds a line that is no event: ${line.slice(0, 100)}`);
      }
    });
}

/** The greatest difference in a time and in a probability, over the events that both have. */
export function deviationsOf(expected, found) {
  const most = { timeMs: 0, probability: 0 };
  for (const [index, event] of found.entries()) {
    const other = expected[index];
    if (other === undefined) continue;
    const { timeMs, probability } = deviation(other, event);
    most.timeMs = Math.max(most.timeMs, timeMs);
    most.probability = Math.max(most.probability, probability);
  }
  return most;
}

/** What is not alike, a line each; none where the events say the same. */
export function differencesOf(expected, found) {
  if (expected.length === 0) return ["there is no event to compare"];
  if (expected.length !== found.length) return [`${found.length} events instead of ${expected.length}`];
  return expected.flatMap((event, index) => {
    const other = found[index];
    const name = `event ${index + 1} at ${Math.round(event.apexMs)} ms`;
    const { timeMs, probability } = deviation(event, other);
    const lines = [];
    if (other.label !== event.label) lines.push(`${name}: ${other.label} instead of ${event.label}`);
    // Negated, so that a number that is missing is a difference too.
    if (!(timeMs <= LIMITS.timeMs)) lines.push(`${name}: a time lies ${timeMs.toFixed(1)} ms off`);
    if (!(probability <= LIMITS.probability)) lines.push(`${name}: a probability lies ${probability.toFixed(4)} off`);
    return lines;
  });
}

function deviation(one, other) {
  const times = TIMES.map((name) => Math.abs(one[name] - other[name]));
  const probabilities = VIEWS.flatMap((view) => {
    const names = new Set([...Object.keys(one[view]), ...Object.keys(other[view])]);
    return [...names].map((name) => Math.abs(one[view][name] - other[view][name]));
  });
  return { timeMs: Math.max(...times), probability: Math.max(...probabilities) };
}
