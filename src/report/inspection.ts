import type { Detection } from "../contract/index.js";
import type { MovementResult, ObservedFace, Outcome, PipelineListener } from "../pipeline/index.js";
import { movementOf } from "../pipeline/index.js";
import type { MotionSignal } from "../spotting/index.js";
import type { Frame } from "../stream/index.js";
import { Excerpts } from "./excerpts.js";
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

export interface InspectionOptions {
  /** Whether to keep pictures of every candidate; without, no pixel is looked at. */
  readonly thumbnails: boolean;
  /** The fastest video that a face's memory is made for (`clip.maxFps`). */
  readonly maxFps: number;
}

/** Listens to the pipeline and keeps what a person needs to see why an event was, or was not, raised. */
export class Inspection {
  private readonly faces = new Map<number, FaceRecord>();
  private readonly leftOut = new Set<number>();
  private readonly list = new MovementList(MOST_MOVEMENTS);
  private readonly frames = { count: 0, firstMs: 0, lastMs: 0 };
  private readonly detections = new Map<string, Detection>();
  private readonly excerpts: Excerpts;

  constructor(private readonly options: InspectionOptions) {
    this.excerpts = new Excerpts(options.maxFps);
  }

  readonly listener = {
    onSample: (face: number, { sample }: Pick<ObservedFace, "sample">) => {
      this.recordOf(face)?.sample(sample);
      this.excerpts.sample(face, sample);
    },
    onSignal: (face: number, signal: MotionSignal) => {
      this.recordOf(face)?.signal(signal);
      this.excerpts.signal(face, signal);
    },
    onDetection: (detection: Detection) => void this.detections.set(detection.id, detection),
    onOutcome: (outcome: Outcome) => this.take(outcome),
    onLeave: (face: number) => this.excerpts.leave(face),
  } satisfies PipelineListener;

  frame({ timeMs }: Pick<Frame, "timeMs">): void {
    if (this.frames.count === 0) this.frames.firstMs = timeMs;
    this.frames.count++;
    this.frames.lastMs = timeMs;
  }

  /** What was seen; nothing may come after it. */
  result(): Inspected {
    this.excerpts.end();
    this.list.trimExcerpts();
    return {
      frames: { ...this.frames },
      faces: [...this.faces.values()].map((record) => record.motion()),
      facesLeftOut: this.leftOut.size,
      movements: this.list.movements.map((movement) => {
        const event = movement.id === undefined ? undefined : this.detections.get(movement.id);
        return { ...movement, ...(event && { event }) };
      }),
      counts: this.list.counts,
      unlisted: this.list.dropped,
    };
  }

  private async take(outcome: Outcome): Promise<void> {
    const listed: ListedMovement = { ...movementOf(outcome) };
    this.excerpts.await(listed);
    const pictures = this.options.thumbnails && outcome.crops ? { thumbnails: await thumbnailsOf(outcome.crops) } : {};
    this.list.add(Object.assign(listed, pictures));
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
