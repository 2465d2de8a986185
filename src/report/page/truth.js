/** @import { ChartData } from "../chart-data.js" */
import { seconds, set, svg, words } from "./dom.js";

/** Height of the lane that shows what a simulated face did: micro-expressions above, all else below. */
export const TRUTH_HEIGHT = 26;

/**
 * The lane of truth of a simulated video.
 * @param {ChartData["truth"]} acts
 */
export function createTruth(acts) {
  const drawn = acts.map((act) => {
    const isMicro = act.kind === "micro_expression";
    const what = [words(act.kind), act.emotion ?? "", ...act.actionUnits.map((unit) => `AU${unit}`)].filter(Boolean);
    const title = `Truth of the simulation: ${what.join(", ")}, ${seconds(act.onsetMs)} to ${seconds(act.offsetMs)}`;
    const bar = svg("rect", { class: isMicro ? "truth micro" : "truth", rx: 2, height: 9 }, [
      svg("title", {}, [title]),
    ]);
    return { act, bar, isMicro };
  });
  const node = svg(
    "g",
    {},
    drawn.map(({ bar }) => bar),
  );

  /**
   * @param {(timeMs: number) => number} x
   * @param {number} topY
   */
  function draw(x, topY) {
    for (const { act, bar, isMicro } of drawn) {
      const from = x(act.onsetMs);
      set(bar, { x: from, y: topY + (isMicro ? 1 : 14), width: Math.max(1.5, x(act.offsetMs) - from) });
    }
  }
  return { node, draw };
}
