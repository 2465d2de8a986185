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
      doc: "How often landmarks are fitted to every face; in between, its alignment is held.",
      default: 30,
      unit: "ms",
      ...remotePipeline,
    },
    { min: 0, max: 1000 },
  ),
  minScore: number(
    { doc: "Detector score from which a hit is a face.", default: 0.6, ...remotePipeline },
    { min: 0, max: 1 },
  ),
  maxFaces: integer(
    { doc: "Most faces followed at once; memory grows with it.", default: 4, unit: "faces", ...localPipeline },
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
      doc: "A face not seen for this long is gone; when it returns it is a new one. Until then it is waited for.",
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
      doc: "How much of every face is kept; covers at least the longest expression.",
      default: 3,
      unit: "s",
      ...localPipeline,
    },
    { min: 0.5, max: 60 },
  ),
  maxFps: number(
    { doc: "Highest frame rate that the clip buffer has room for.", default: 200, unit: "frames/s", ...localPipeline },
    { min: 1, max: 1000 },
  ),
};

export const spotting = {
  method: choice(
    {
      doc: "`learned`: a small network over region motion; `motion`: hand-made rules over the same, to compare.",
      default: "learned",
      ...remotePipeline,
    },
    ["learned", "motion"],
  ),
  sensitivity: choice(
    {
      doc: "With the method `learned`, how much evidence an event needs: `strict`, few events that are none; `sensitive`, few expressions missed; `balanced` between them. What each finds and how often it errs is measured on real people (docs/real-people.md).",
      default: "balanced",
      ...remoteLive,
    },
    sensitivities,
  ),
  minProbability: number(
    {
      doc: "Least probability of a candidate of the learned spotter; what becomes of it is decided with HSTA (spotting.sensitivity).",
      default: 0.5,
      ...remoteLive,
    },
    { min: 0.01, max: 1 },
  ),
  threshold: number(
    {
      doc: "Of the method `motion`: how far motion must rise over this person's own noise.",
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
      doc: "Of the method `motion`: pause after a candidate in which the same face raises no other.",
      default: 300,
      unit: "ms",
      ...remoteLive,
    },
    { min: 0, max: 60_000 },
  ),
  blinkGate: flag({
    doc: "Of the method `motion`: suppress candidates in which only the eyelids move.",
    default: true,
    ...remoteLive,
  }),
  headMotionGate: flag({
    doc: "Of the method `motion`: suppress candidates during head motion.",
    default: true,
    ...remoteLive,
  }),
};
