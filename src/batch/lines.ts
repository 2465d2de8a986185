import type { PipelineListener } from "../pipeline/index.js";
import { movementOf } from "../pipeline/index.js";
import type { FaceMeasures } from "../stream/index.js";

type Write = (line: string) => void;

/** Where each kind of line goes; what is missing is not written. */
export interface Lines {
  readonly events?: Write | undefined;
  /** Every movement that was noticed and what became of it. */
  readonly movements?: Write | undefined;
  /** The motion signal itself, for drawing and tuning. */
  readonly signals?: Write | undefined;
}

const DIGITS = 4;

/** Four digits are beyond what landmarks know. */
const rounded = (measures: FaceMeasures): Record<string, number> =>
  Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, Number(value.toFixed(DIGITS))]));

/** Listens to a pipeline and writes what it finds, one JSON object a line. */
export function linesOf({ events, movements, signals }: Lines): PipelineListener {
  return {
    ...(events && { onDetection: (detection) => events(JSON.stringify(detection)) }),
    ...(movements && {
      onOutcome: (outcome) => movements(JSON.stringify({ kind: "movement", ...movementOf(outcome) })),
    }),
    ...(signals && {
      onSample: (face, { sample, observation, context }) => {
        const { timeMs, displacement, change, head } = sample;
        const line = {
          kind: "sample",
          face,
          timeMs,
          displacement: [...displacement],
          change: [...change],
          head: [...head],
          eyeDistancePx: Number(observation.eyeDistancePx.toFixed(1)),
          measures: rounded(observation.measures),
          context,
        };
        signals(JSON.stringify(line));
      },
      onSignal: (face, { timeMs, score, group }) =>
        signals(JSON.stringify({ kind: "signal", face, timeMs, score: Number(score.toFixed(DIGITS)), group })),
    }),
  };
}
