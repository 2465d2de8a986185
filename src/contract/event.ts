import type { Context } from "../pipeline/context/index.js";
import type { Statement } from "../pipeline/statement.js";

/** What the pipeline found, whatever may be said of it. */
interface Found {
  /** Same frames, same models, same configuration: same id. Says nothing of the verdict. */
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
