import { flag, integer, number } from "../kinds.js";
import { remoteLive } from "./effects.js";

export const board = {
  enabled: flag({
    doc: "Read temperatures, throttling, clocks, load and power of the board for `state`, and shed work when it is hot.",
    default: true,
  }),
  sampleSeconds: number({ doc: "How often the board is read.", default: 5, unit: "s" }, { min: 0.1, max: 3600 }),
  shedLoad: flag({
    doc: "Shed work when the board is hot: first faces are searched for less often, then every second camera frame is left out. A file never loses frames.",
    default: true,
    ...remoteLive,
  }),
  hotMarginC: number(
    {
      doc: "The board is hot when it throttles itself, or is this close to it.",
      default: 2,
      unit: "°C",
      ...remoteLive,
    },
    { min: 0, max: 100 },
  ),
  coolMarginC: number(
    {
      doc: "The board is cool again when it does not throttle itself and is at least this far from it.",
      default: 8,
      unit: "°C",
      ...remoteLive,
    },
    { min: 0, max: 100 },
  ),
  hotSeconds: integer(
    {
      doc: "How long the board must be hot before the next step of shedding.",
      default: 20,
      unit: "s",
      ...remoteLive,
    },
    { min: 0, max: 86_400 },
  ),
  coolSeconds: integer(
    {
      doc: "How long the board must be cool before a step of shedding is reversed.",
      default: 120,
      unit: "s",
      ...remoteLive,
    },
    { min: 0, max: 86_400 },
  ),
};
