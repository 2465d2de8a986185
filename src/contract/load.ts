import { count, textOrNull, timestampOrNull } from "./parts.js";
import { closed, type Static } from "./schema.js";

/** How much of the work is left out, in the order in which it is. */
export const loadSteps = ["full", "fewer_searches", "every_second_frame"] as const;

/** What `state` says of it. */
export const load = closed({
  description: "What is left out because the board is hot (docs/thermals.md)",
  properties: {
    step: {
      enum: loadSteps,
      description:
        "full: nothing; fewer_searches: faces are searched for less often; every_second_frame: in addition, every second frame is left out",
    },
    since: {
      ...timestampOrNull,
      description: "When this step began, ISO 8601, UTC; null if nothing has been left out since the start",
    },
    reason: { ...textOrNull, description: "Why" },
    suffices: {
      type: "boolean",
      description: "false if the board is still hot and nothing more can be left out",
    },
    changes: { ...count, description: "Steps, down and up, since the start" },
    framesLeftOut: {
      ...count,
      description: "Frames left out on purpose; they are not among source.dropped",
    },
  },
});

export type LoadStep = (typeof loadSteps)[number];

/** What is left out now, and why. */
export type Load = Omit<Static<typeof load>, "framesLeftOut">;
