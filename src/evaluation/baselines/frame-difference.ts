import { floats } from "../../runtime/index.js";
import { baselineOf, cropTensor } from "./method.js";
import { runsAbove } from "./movements.js";

/** Two frames of a 30 Hz camera; near it lie whole frames of 25, 30, 50 and more a second. */
const HALF_SPAN_MS = 66;

/**
 * The naive spotter: the mean absolute difference of grey between the crops shortly before and after a moment, in
 * levels of 0…255, against a fixed threshold. Light, noise and the head's motion count as much as an expression.
 */
export const frameDifference = baselineOf<Uint8Array>({
  graph: "frame-difference",
  halfMs: HALF_SPAN_MS,
  /** Grey levels, each a fifth above the last: 0.2 … 23. */
  thresholds: Array.from({ length: 27 }, (_, i) => Number((0.2 * 1.2 ** i).toPrecision(3))),
  keep: async (_, crop) => crop,
  measure: async (graph, { head, tail }) => {
    const outputs = await graph.run({ before: cropTensor(head), after: cropTensor(tail) });
    return floats(outputs, "difference")[0] as number;
  },
  spot: runsAbove,
});
