import { sensitivities } from "../../contract/index.js";
import { choice, flag, integer, number } from "../kinds.js";
import { localPipeline, remoteLive, remotePipeline } from "./effects.js";

export const face = {
  detectEveryMs: integer(
    {
      doc: "How often faces are searched for; between searches the known ones are tracked.",
      default: 500,
      unit: "ms",
      ...remotePipeline,
    },
    { min: 0, max: 60_000 },
  ),
  landmarksEveryMs: integer(
    {
      doc: "How often landmarks are fitted to every face; in between, its alignment is kept.",
      default: 30,
      unit: "ms",
      ...remotePipeline,
    },
    { min: 0, max: 1000 },
  ),
  minScore: number(
    { doc: "Detector score from which a detection counts as a face.", default: 0.6, ...remotePipeline },
    { min: 0, max: 1 },
  ),
  maxFaces: integer(
    { doc: "Most faces followed at once; memory use grows with it.", default: 4, unit: "faces", ...localPipeline },
    { min: 1, max: 32 },
  ),
  minEyeDistancePx: number(
    {
      doc: "A face whose eyes are closer together than this is too small to analyse.",
      default: 28,
      unit: "px",
      ...remotePipeline,
    },
    { min: 1, max: 2000 },
  ),
  lostAfterMs: integer(
    {
      doc: "A face not seen for this long is gone; if it returns, it is a new one.",
      default: 3000,
      unit: "ms",
      ...remotePipeline,
    },
    { min: 0, max: 60_000 },
  ),
};

export const clip = {
  seconds: number(
    {
      doc: "How much of every face is kept; must cover the longest expression.",
      default: 3,
      unit: "s",
      ...localPipeline,
    },
    { min: 0.5, max: 60 },
  ),
  maxFps: number(
    { doc: "Highest frame rate for which the clip buffer has room.", default: 200, unit: "frames/s", ...localPipeline },
    { min: 1, max: 1000 },
  ),
};

export const spotting = {
  method: choice(
    {
      doc: "`learned`: a small network over region motion; `motion`: hand-written rules over the same, for comparison.",
      default: "learned",
      ...remotePipeline,
    },
    ["learned", "motion"],
  ),
  sensitivity: choice(
    {
      doc: "With the method `learned`, how much evidence an event needs: `strict`, few false events; `sensitive`, few missed expressions; `balanced` in between. What each finds and how often it errs is measured on real people (docs/real-people.md).",
      default: "balanced",
      ...remoteLive,
    },
    sensitivities,
  ),
  minProbability: number(
    {
      doc: "Lowest probability at which the learned spotter proposes a candidate; whether it becomes an event is decided with HSTA (spotting.sensitivity).",
      default: 0.5,
      ...remoteLive,
    },
    { min: 0.01, max: 1 },
  ),
  threshold: number(
    {
      doc: "With the method `motion`: how far motion must rise above this person's own noise.",
      default: 4,
      unit: "× noise",
      ...remoteLive,
    },
    { min: 0.1, max: 1000 },
  ),
  minMs: integer(
    { doc: "Shortest expression, onset to offset.", default: 65, unit: "ms", ...remoteLive },
    { min: 1, max: 10_000 },
  ),
  maxMs: integer(
    {
      doc: "Longest expression, onset to offset; anything longer is a macro-expression.",
      default: 500,
      unit: "ms",
      ...remoteLive,
    },
    { min: 2, max: 10_000 },
  ),
  refractoryMs: integer(
    {
      doc: "With the method `motion`: pause after a candidate in which the same face raises no other.",
      default: 300,
      unit: "ms",
      ...remoteLive,
    },
    { min: 0, max: 60_000 },
  ),
  blinkGate: flag({
    doc: "With the method `motion`: suppress candidates in which only the eyelids move.",
    default: true,
    ...remoteLive,
  }),
  headMotionGate: flag({
    doc: "With the method `motion`: suppress candidates during head motion.",
    default: true,
    ...remoteLive,
  }),
};
