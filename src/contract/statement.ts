import { fraction } from "./parts.js";
import { closed, type Static } from "./schema.js";

/** How much an event may say: everything; valence alone; action units alone; that a face moved, and nothing of what. */
export const reportLevels = ["emotion", "valence", "action_units", "motion"] as const;

export type ReportLevel = (typeof reportLevels)[number];

/** MEGC 2019's three classes. */
export const valences = ["negative", "positive", "surprise"] as const;

export type Valence = (typeof valences)[number];

/** What HSTA says of the expression. */
export const statement = {
  report: {
    enum: reportLevels,
    description: "How much this event may reveal; what is missing was withheld, not absent from the face",
  },
  none: { ...fraction, description: "Calibrated probability that there was no micro-expression" },
  label: {
    type: "string",
    description:
      'At level emotion the class of the highest probability, "none" left out; at level valence the likeliest valence',
  },
  confidence: { ...fraction, description: "Calibrated probability of the label" },
  probabilities: {
    type: "object",
    description: 'Every class with its probability, "none" among them; they sum to 1',
    required: ["none"],
    properties: { none: fraction },
    additionalProperties: fraction,
  },
  valence: closed({
    description: "Probability of each valence given that there was an expression that has one; they sum to 1",
    properties: { negative: fraction, positive: fraction, surprise: fraction },
  }),
  actionUnits: {
    type: "object",
    description:
      "Independent probability of each action unit, by AU and number; they do not sum to 1. Left out at level emotion if the model gives none",
    minProperties: 1,
    propertyNames: { pattern: "^AU" },
    additionalProperties: fraction,
  },
  attention: closed({
    description:
      "Share of HSTA's attention on each patch of the clip, if recognition.attention is set; rounded, so the sum is only about 1",
    properties: {
      shape: {
        type: "array",
        description:
          "Time steps, one for every two frames of the clip; rows, from the top of the aligned face; columns, from its left",
        items: { type: "integer", minimum: 1 },
        minItems: 3,
        maxItems: 3,
      },
      values: { type: "array", description: "Row by row, step by step", items: fraction, minItems: 1 },
    },
  }),
} as const;

/** What of it an event has at some levels only. */
export const atSomeLevels = ["label", "confidence", "probabilities", "valence", "actionUnits", "attention"] as const;

/** The rules of each level. */
export const levels = [
  {
    description: "Everything",
    properties: {
      report: { const: "emotion" },
      label: true,
      confidence: true,
      probabilities: true,
      valence: true,
    },
    required: ["report", "label", "confidence", "probabilities", "valence"],
  },
  {
    description: "Only negative, positive or surprise",
    properties: {
      report: { const: "valence" },
      label: { enum: valences },
      confidence: true,
      valence: true,
      probabilities: false,
      actionUnits: false,
    },
    required: ["report", "label", "confidence", "valence"],
  },
  {
    description: "Only action units",
    properties: {
      report: { const: "action_units" },
      actionUnits: true,
      label: false,
      confidence: false,
      probabilities: false,
      valence: false,
    },
    required: ["report", "actionUnits"],
  },
  {
    description: "That a face moved, when, where and how far",
    properties: {
      report: { const: "motion" },
      label: false,
      confidence: false,
      probabilities: false,
      valence: false,
      actionUnits: false,
      attention: false,
    },
    required: ["report"],
  },
] as const;

const fields = closed({
  optional: atSomeLevels,
  properties: statement,
});

type Fields = Static<typeof fields>;

/** Probability of each valence given that there was an expression that has one; they sum to 1. */
export type ValenceView = NonNullable<Fields["valence"]>;

/** Every class with its probability, "none" among them; they sum to 1. */
export type Probabilities = Readonly<Record<string, number>> & { readonly none: number };

/** Time steps of the video stream, then rows and columns of patches. */
export type AttentionShape = readonly [steps: number, rows: number, columns: number];

/** How much HSTA read each patch of the crop; rounded, so that the sum is only about 1. */
export type AttentionMap = Omit<NonNullable<Fields["attention"]>, "shape"> & { readonly shape: AttentionShape };

interface AtLevel<L extends ReportLevel> extends Pick<Fields, "none"> {
  /** How much this event may say. */
  readonly report: L;
}

/** Where HSTA looked, if the configuration asks for it. */
export interface WithAttention {
  readonly attention?: AttentionMap;
}

/** An event says its label, its valence and all probabilities; action units where the model tells them. */
export interface EmotionStatement
  extends AtLevel<"emotion">,
    WithAttention,
    Required<Pick<Fields, "label" | "confidence" | "valence">>,
    Pick<Fields, "actionUnits"> {
  readonly probabilities: Probabilities;
}

/** An event says its valence, and no class. */
export interface ValenceStatement
  extends AtLevel<"valence">,
    WithAttention,
    Required<Pick<Fields, "confidence" | "valence">> {
  readonly label: Valence;
}

/** An event says its action units alone. */
export interface ActionUnitsStatement
  extends AtLevel<"action_units">,
    WithAttention,
    Required<Pick<Fields, "actionUnits">> {}

/** An event says that a face moved. */
export type MotionStatement = AtLevel<"motion">;

/** What an event says of an expression, by how much it may say. */
export type Statement = EmotionStatement | ValenceStatement | ActionUnitsStatement | MotionStatement;
