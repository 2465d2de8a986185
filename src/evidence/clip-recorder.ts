import type { ClipContent, MicroExpressionEvent } from "../contract/index.js";
import { reasonOf } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import type { PipelineListener } from "../pipeline/index.js";
import type { CropLayout, FaceObservation, Frame } from "../stream/index.js";
import { FaceTakes } from "./face-takes.js";
import type { Footage } from "./footage.js";

/** What is remembered beside clip.seconds: what lies around the movement, and the time until it is judged. */
const BESIDE_MS = 1500;

export interface ClipRecorderOptions {
  readonly content: ClipContent;
  /** Whether pictures may be held now: where a session is required, only while one with consent is open. */
  readonly allowed: () => boolean;
  /** The section `clip` of the configuration. */
  readonly clip: () => { readonly seconds: number; readonly maxFps: number };
  /** Where the eyes lie in the crop; undefined while no pipeline runs. */
  readonly layout: () => CropLayout | undefined;
  /** Gets what shows an event, once it is whole or the face has left. */
  readonly onFootage: (footage: Footage) => void;
  readonly log: Pick<Logger, "error">;
}

/**
 * Listens to a pipeline and holds the last pictures of every face in memory, so that those around an event can be cut out.
 * Nothing that it does throws: a clip may fail, the pipeline goes on.
 */
export class ClipRecorder {
  private readonly faces = new Map<number, FaceTakes>();
  /** Events in the outbox whose outcome is yet to come: it follows at once. */
  private readonly events = new Map<string, MicroExpressionEvent>();
  private failing = false;

  readonly listener = {
    onFace: async (observation, frame) => {
      try {
        await this.see(observation, frame);
        this.failing = false;
      } catch (thrown) {
        if (!this.failing) this.options.log.error({ reason: reasonOf(thrown) }, "evidence: a frame cannot be held");
        this.failing = true;
      }
    },
    onCandidate: (face, candidate) => this.faces.get(face)?.begin(candidate),
    onOutcome: ({ face, spotted, verdict, id = "" }) => {
      const event = this.events.get(id);
      this.events.delete(id);
      if (spotted.kind !== "candidate") return;
      // Without an event in the outbox, because a session was required and none was open, there is none to show.
      this.faces.get(face)?.settle(spotted.candidate, verdict === "event" ? event : undefined);
    },
    onLeave: (face) => this.leave(face),
  } satisfies PipelineListener;

  constructor(private readonly options: ClipRecorderOptions) {}

  /** An event is in the outbox; its outcome comes after. */
  raised(event: MicroExpressionEvent): void {
    this.events.set(event.id, event);
  }

  /** Hands out what there is and forgets every picture. Call it when a pipeline has ended; another may follow. */
  end(): void {
    for (const face of [...this.faces.keys()]) this.leave(face);
    this.events.clear();
  }

  private async see(observation: FaceObservation, frame: Frame): Promise<void> {
    const layout = this.options.allowed() ? this.options.layout() : undefined;
    if (layout === undefined) return this.leave(observation.face);
    await this.takesOf(observation, layout).see(observation, frame.image);
  }

  private takesOf({ face, timeMs }: FaceObservation, layout: CropLayout): FaceTakes {
    const known = this.faces.get(face);
    if (known !== undefined && timeMs > known.lastMs) return known;
    // Time that goes back is another stream's, in which a face of the same number is somebody else.
    this.leave(face);
    const { content, clip, onFootage } = this.options;
    const { seconds, maxFps } = clip();
    const made = new FaceTakes({ content, layout, spanMs: seconds * 1000 + BESIDE_MS, maxFps }, onFootage);
    this.faces.set(face, made);
    return made;
  }

  private leave(face: number): void {
    const takes = this.faces.get(face);
    this.faces.delete(face);
    takes?.end();
  }
}
