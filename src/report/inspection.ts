import type { ObservedFace, Outcome, PipelineListener } from "../pipeline/index.js";
import { type MovementResult, movementOf } from "../pipeline/index.js";
import type { MotionSignal } from "../spotting/index.js";
import type { Frame } from "../stream/index.js";
import { type FaceMotion, FaceRecord } from "./face-record.js";
import type { ListedMovement } from "./movement.js";
import { MovementList } from "./movement-list.js";
import { thumbnailsOf } from "./thumbnail.js";

/** Hours of a lively face; some megabytes. */
const MOST_MOVEMENTS = 5000;
/** Faces whose motion is drawn; each takes about half a megabyte. */
const MOST_FACES = 32;

/** What was seen of a video, in bounded memory. */
export interface Inspected {
  readonly frames: { readonly count: number; readonly firstMs: number; readonly lastMs: number };
  /** In order of appearance. */
  readonly faces: readonly FaceMotion[];
  /** Faces beyond those that are drawn. */
  readonly facesLeftOut: number;
  /** In order of time. */
  readonly movements: readonly ListedMovement[];
  /** How many movements had which result, the unlisted included. */
  readonly counts: ReadonlyMap<MovementResult, number>;
  readonly unlisted: number;
}

/** Listens to the pipeline and keeps what a person needs to see why an event was, or was not, raised. */
export class Inspection {
  private readonly faces = new Map<number, FaceRecord>();
  private readonly leftOut = new Set<number>();
  private readonly list = new MovementList(MOST_MOVEMENTS);
  private readonly frames = { count: 0, firstMs: 0, lastMs: 0 };

  /** @param thumbnails whether to keep pictures of every candidate; without, no pixel is looked at. */
  constructor(private readonly thumbnails: boolean) {}

  readonly listener = {
    onSample: (face: number, { sample }: Pick<ObservedFace, "sample">) => this.recordOf(face)?.sample(sample),
    onSignal: (face: number, signal: MotionSignal) => this.recordOf(face)?.signal(signal),
    onOutcome: (outcome: Outcome) => this.take(outcome),
  } satisfies PipelineListener;

  frame({ timeMs }: Pick<Frame, "timeMs">): void {
    if (this.frames.count === 0) this.frames.firstMs = timeMs;
    this.frames.count++;
    this.frames.lastMs = timeMs;
  }

  result(): Inspected {
    return {
      frames: { ...this.frames },
      faces: [...this.faces.values()].map((record) => record.motion()),
      facesLeftOut: this.leftOut.size,
      movements: this.list.movements,
      counts: this.list.counts,
      unlisted: this.list.dropped,
    };
  }

  private async take(outcome: Outcome): Promise<void> {
    const movement = movementOf(outcome);
    const pictures = this.thumbnails && outcome.crops ? { thumbnails: await thumbnailsOf(outcome.crops) } : {};
    this.list.add({ ...movement, ...pictures });
  }

  private recordOf(face: number): FaceRecord | undefined {
    const known = this.faces.get(face);
    if (known !== undefined) return known;
    if (this.faces.size === MOST_FACES) {
      this.leftOut.add(face);
      return undefined;
    }
    const record = new FaceRecord(face);
    this.faces.set(face, record);
    return record;
  }
}
