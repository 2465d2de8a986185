/** What the pipeline found, whatever may be said of it. */
interface Found {
  /** Same frames, same models, same configuration: same id. Says nothing of the classification. */
  readonly id: string;
  /** Track of the face: 1, 2, … in order of appearance. */
  readonly face: number;
  /** Milliseconds from the start of the stream. */
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
  readonly spotting: {
    /** What the candidate was raised by: the learned spotter's probability, 0…1, or times this person's own noise. */
    readonly score: number;
    /**
     * Face regions that moved, strongest first, with apex displacement in thousandths of the eye distance; none where
     * the movement is too faint to say.
     */
    readonly regions: readonly { readonly name: string; readonly displacement: number }[];
    /** Why the candidate was raised, in words for a person. */
    readonly reason: string;
  };
  /** What the face did meanwhile, beside the movement; empty for a face that was still. */
  readonly context: readonly Context[];
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
}

/** What the pipeline gives on: everything that depends on the frames, the models and the configuration alone. */
export type Detection = Found & Statement;

/** What the daemon adds to a detection. */
interface Envelope {
  readonly schema: "flinch/micro_expression/1";
  readonly device: string;
  readonly room: string;
  readonly session: string | null;
  /** Identifies this start of the daemon. */
  readonly bootId: string;
  /** Counts events over restarts, from 1, so that a subscriber sees a gap or a duplicate. */
  readonly sequence: number;
  /** Wall clock, ISO 8601 with milliseconds, UTC. */
  readonly onsetAt: string;
  readonly apexAt: string;
  readonly offsetAt: string;
  /** Execution provider that ran HSTA. */
  readonly provider: string;
  /** Milliseconds from the capture of the apex, and of the offset, to the moment this event existed. */
  readonly latencyMs: { readonly apex: number; readonly offset: number };
}

/** What subscribers receive on `event/micro_expression`. */
export type MicroExpressionEvent = Envelope & Detection;

/** What a face may do beside a micro-expression, and what is easily taken for one (docs/real-people.md). */
export const contexts = ["talking", "smiling", "blinking", "head_moving", "gaze_shifting"] as const;

export type Context = (typeof contexts)[number];

/** How much an event may say: everything; valence alone; action units alone; that a face moved, and nothing of what. */
export const reportLevels = ["emotion", "valence", "action_units", "motion"] as const;

export type ReportLevel = (typeof reportLevels)[number];

/** MEGC 2019's three classes. */
export const valences = ["negative", "positive", "surprise"] as const;

export type Valence = (typeof valences)[number];

/** Probability of each valence given that there was an expression that has one; they sum to 1. */
export type ValenceView = Readonly<Record<Valence, number>>;

/** Every class with its probability, "none" among them; they sum to 1. */
export type Probabilities = Readonly<Record<string, number>> & { readonly none: number };

/** Time steps of the video stream, then rows and columns of patches. */
export type AttentionShape = readonly [steps: number, rows: number, columns: number];

/** How much HSTA read each patch of the crop; rounded, so that the sum is only about 1. */
export interface AttentionMap {
  readonly shape: AttentionShape;
  /** Row by row, step by step. */
  readonly values: readonly number[];
}

interface AtLevel<L extends ReportLevel> {
  /** How much this event may say. */
  readonly report: L;
  /** Calibrated probability that there was no micro-expression, 0…1. */
  readonly none: number;
}

export interface WithAttention {
  /** Where HSTA looked, if the configuration asks for it. */
  readonly attention?: AttentionMap;
}

/** Probability of each action unit on its own, by "AU1", "AU2", …. */
type ActionUnits = Readonly<Record<string, number>>;

export interface EmotionStatement extends AtLevel<"emotion">, WithAttention {
  /** The class of the highest probability, "none" left out (a classification of "none" raises no event). */
  readonly label: string;
  /** Calibrated probability of `label`, 0…1. */
  readonly confidence: number;
  readonly probabilities: Probabilities;
  readonly valence: ValenceView;
  /** Missing where the model tells none. */
  readonly actionUnits?: ActionUnits;
}

export interface ValenceStatement extends AtLevel<"valence">, WithAttention {
  /** The likeliest valence. */
  readonly label: Valence;
  /** Calibrated probability of `label` given that there was an expression that has a valence, 0…1. */
  readonly confidence: number;
  readonly valence: ValenceView;
}

export interface ActionUnitsStatement extends AtLevel<"action_units">, WithAttention {
  readonly actionUnits: ActionUnits;
}

export type MotionStatement = AtLevel<"motion">;

/** What an event says of an expression, by how much it may say. */
export type Statement = EmotionStatement | ValenceStatement | ActionUnitsStatement | MotionStatement;
