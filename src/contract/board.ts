import { amountOrNull, numberOrNull, text, textOrNull } from "./parts.js";
import { closed, closedOrNull, type Static } from "./schema.js";

const clockOf = (now: string) =>
  closed({
    properties: {
      hz: { ...amountOrNull, description: now },
      maxHz: { ...amountOrNull, description: "Highest Hz that the power mode and the governor allow" },
      load: { type: ["number", "null"], description: "0 (idle) to 1", minimum: 0, maximum: 1 },
    },
  });

const megabytes = { type: ["integer", "null"], minimum: 0 } as const;

export const board = closedOrNull({
  description:
    "The board's condition; null if it reports nothing or is not read (board.enabled). Values it does not report are null",
  properties: {
    temperaturesC: {
      type: "object",
      description:
        "Degrees Celsius by zone name; null for one that cannot be read, such as that of a part that is switched off",
      additionalProperties: numberOrNull,
    },
    hottestC: { ...numberOrNull, description: "Degrees Celsius of the hottest zone" },
    headroomC: {
      ...numberOrNull,
      description: "Degrees Celsius left before throttling, in the zone nearest to it; negative beyond it",
    },
    throttled: { type: ["boolean", "null"], description: "Whether the board is throttling now" },
    throttledBy: {
      type: "array",
      description: "Names of the cooling devices that report it",
      items: text,
      uniqueItems: true,
    },
    overCurrentEvents: {
      type: ["integer", "null"],
      description: "Times since boot that low voltage or excess current slowed the board down",
      minimum: 0,
    },
    powerMode: { ...textOrNull, description: "As nvpmodel calls it" },
    cpu: clockOf("Hz now, of the fastest core"),
    gpu: clockOf("Hz now"),
    totalW: {
      ...amountOrNull,
      description: "W of the rail that measures the whole module; null if none does",
    },
    railsW: {
      type: "object",
      description: "W by rail name",
      additionalProperties: { type: "number" },
    },
    memory: closed({
      description: "MB (1,000,000 bytes), shared with the GPU",
      properties: { totalMb: megabytes, availableMb: megabytes },
    }),
  },
});

/** How the board is. What it does not tell is null, never a guess. */
export type BoardReading = NonNullable<Static<typeof board>>;

/** Whether the board slows itself down, and what says so. */
export type Throttling = Pick<BoardReading, "throttled" | "throttledBy" | "overCurrentEvents">;

/** W at the board's input (a sum of rails would count some twice), and of each rail. */
export type Power = Pick<BoardReading, "totalW" | "railsW">;

/** MB (10⁶ bytes), which a Jetson's GPU shares. */
export type Memory = BoardReading["memory"];

/** How fast a processor runs, and how busy it is. */
export type Clock = BoardReading["cpu"];
