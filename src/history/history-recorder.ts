import { randomUUID } from "node:crypto";
import type { MicroExpressionEvent } from "../contract/index.js";
import { reasonOf } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import { type Movement, movementOf, type PipelineListener } from "../pipeline/index.js";
import { FaceExcerpts } from "./face-excerpts.js";
import type { History } from "./history.js";
import { Pairs } from "./pairs.js";
import { WithheldQuota } from "./withheld-quota.js";

/** Movements without an event that are kept of an hour. */
const WITHHELD_PER_HOUR = 600;

export interface HistoryRecorderOptions {
  readonly history: Pick<History, "add" | "setExcerpt" | "discard">;
  /** Names of the motion graph's regions, in its order. */
  readonly regions: () => readonly string[];
  /** Wall clock of a moment of the stream, milliseconds since the Unix epoch. */
  readonly wallMs: (timeMs: number) => number;
  /** Id of the session that a movement belongs to which began at this wall clock; null outside of one. */
  readonly session: (atMs: number) => string | null;
  /** Whether nothing may be kept outside of a session (`privacy.requireSession`). */
  readonly requireSession?: () => boolean;
  /** The fastest source that a face's memory is made for (`clip.maxFps`). */
  readonly maxFps?: () => number;
  readonly log: Pick<Logger, "error" | "info">;
  /** Milliseconds on a clock that no one sets. */
  readonly uptime?: () => number;
}

/** Listens to a pipeline and keeps what it notices. Nothing that it does throws: the disk may fail, the pipeline goes on. */
export class HistoryRecorder {
  private readonly faces = new Map<number, FaceExcerpts>();
  private readonly pairs = new Pairs<Movement, MicroExpressionEvent>();
  private readonly quota: WithheldQuota;
  private failing = false;
  private failures = 0;

  readonly listener = {
    onSample: (face, { sample }) => this.safely(() => this.faceOf(face, sample.timeMs).sample(sample)),
    onSignal: (face, signal) => this.safely(() => this.faceOf(face).signal(signal)),
    onOutcome: (outcome) => this.safely(() => this.outcome(movementOf(outcome))),
    onLeave: (face) => this.safely(() => this.leave(face)),
  } satisfies PipelineListener;

  constructor(private readonly options: HistoryRecorderOptions) {
    this.quota = new WithheldQuota(WITHHELD_PER_HOUR, options.uptime);
  }

  /** Movements without an event left out because there were too many, and what the disk refused. */
  stats(): { readonly leftOut: number; readonly failures: number } {
    return { leftOut: this.quota.leftOut, failures: this.failures };
  }

  /** Keeps an event that the outbox has, with the outcome of the same id, whichever comes first. */
  raised(event: MicroExpressionEvent): void {
    this.safely(() => {
      const movement = this.pairs.right(event.id, event);
      if (movement !== undefined) this.keepEvent(movement, event);
    });
  }

  /** Stores the excerpts that still wait. Call it when a pipeline has ended; another may follow. */
  end(): void {
    for (const face of [...this.faces.keys()]) this.safely(() => this.leave(face));
    this.pairs.clear();
  }

  private outcome(movement: Movement): void {
    if (movement.verdict !== "event") this.keepWithheld(movement);
    else if (movement.id !== undefined) {
      // One that never becomes an event, because a session was required and none was open, is not kept.
      const event = this.pairs.left(movement.id, movement);
      if (event !== undefined) this.keepEvent(movement, event);
    }
  }

  private keepEvent(movement: Movement, event: MicroExpressionEvent): void {
    const { id, session, apexAt } = event;
    this.store((history) => history.add({ id, session, atMs: Date.parse(apexAt), movement, event }));
    this.faces.get(movement.face)?.await(id, movement);
  }

  private keepWithheld(movement: Movement): void {
    const { wallMs, session: sessionAt, requireSession } = this.options;
    const { onsetMs = movement.apexMs, apexMs, score } = movement;
    const session = sessionAt(wallMs(onsetMs));
    if (session === null && requireSession?.() === true) return;
    const id = randomUUID();
    const { admitted, instead } = this.quota.admit(id, score);
    if (!admitted) return;
    this.store((history) => {
      history.add({ id, session, atMs: wallMs(apexMs), movement, event: null });
      if (instead !== undefined) history.discard(instead);
    });
    this.faces.get(movement.face)?.await(id, movement);
  }

  private faceOf(face: number, timeMs?: number): FaceExcerpts {
    const known = this.faces.get(face);
    if (known !== undefined && (timeMs === undefined || !(timeMs <= known.lastMs))) return known;
    // Time that goes back is another stream's, in which a face of the same number is somebody else.
    this.leave(face);
    const { regions, maxFps = () => 200 } = this.options;
    const made = new FaceExcerpts(regions(), maxFps(), (id, excerpt) => {
      this.safely(() => this.store((history) => history.setExcerpt(id, excerpt)));
    });
    this.faces.set(face, made);
    return made;
  }

  private leave(face: number): void {
    const excerpts = this.faces.get(face);
    this.faces.delete(face);
    excerpts?.end();
  }

  private store(work: (history: HistoryRecorderOptions["history"]) => void): void {
    work(this.options.history);
    if (this.failing) this.options.log.info({ failures: this.failures }, "history: the disk takes movements again");
    this.failing = false;
  }

  private safely(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.failures += 1;
      if (!this.failing) this.options.log.error({ reason: reasonOf(thrown) }, `history: ${reasonOf(thrown)}`);
      this.failing = true;
    }
  }
}
