/** Valence view of the seven emotions (MEGC 2019); undefined classes carry no valence. */
export interface ValenceView {
  readonly negative: number;
  readonly positive: number;
  readonly surprise: number;
}

/** What the pipeline found: everything that depends on the frames and the models alone. */
export interface Detection {
  /** Same frames, same models, same configuration: same id. */
  readonly id: string;
  /** Track of the face: 1, 2, … in order of appearance. */
  readonly face: number;
  /** Milliseconds from the start of the stream. */
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
  /** The class of the highest probability, "none" left out (a verdict of "none" raises no event). */
  readonly label: string;
  /** Calibrated probability of `label`, 0…1. */
  readonly confidence: number;
  /** Every class with its probability, "none" among them; they sum to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Probability of each valence given that there was an expression. */
  readonly valence: ValenceView;
  readonly spotting: {
    /** Peak of the motion signal over this person's noise, dimensionless. */
    readonly score: number;
    /** Face regions that moved, strongest first, with apex displacement in thousandths of the eye distance. */
    readonly regions: readonly { readonly name: string; readonly displacement: number }[];
    /** Why the candidate was raised, in words for a person. */
    readonly reason: string;
  };
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
}

/** What subscribers receive on `event/micro_expression`. */
export interface MicroExpressionEvent extends Detection {
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
