import type { MicroExpressionEvent } from "../../contract/index.js";
import { movementOf, type ObservedFace, type Outcome, type PipelineListener } from "../../pipeline/index.js";
import type { MotionSample, MotionSignal } from "../../spotting/index.js";
import type { FaceObservation } from "../../stream/index.js";
import type { Feed } from "./feed.js";
import { outlineOf } from "./outline.js";

/** 25 a second: more than that no eye follows. */
const TICK_MS = 40;

/** What a face did since the last tick. */
export interface FaceTick {
  readonly face: number;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Of every region, how far it is from where it rests, thousandths of the eye distance. */
  readonly regions: readonly number[];
  /** The largest of the spotter's scores since; missing where it gave none. */
  readonly score?: number;
  readonly group?: string;
  /** As `outlineOf` gives it. */
  readonly outline?: readonly number[];
}

interface Latest {
  sample?: MotionSample;
  observation?: FaceObservation;
  signal?: MotionSignal;
}

/** Tells the live feed what the pipeline sees; costs next to nothing while nobody watches. */
export class LiveView {
  private readonly latest = new Map<number, Latest>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: Feed,
    private readonly options: { readonly wallMs: (timeMs: number) => number; readonly outline: boolean },
  ) {}

  readonly listener = {
    onSample: (face: number, { sample, observation }: Pick<ObservedFace, "sample" | "observation">) => {
      if (this.feed.isWatched) Object.assign(this.of(face), { sample, observation });
    },
    onSignal: (face: number, signal: MotionSignal) => {
      if (!this.feed.isWatched) return;
      const latest = this.of(face);
      if (latest.signal === undefined || signal.score >= latest.signal.score) latest.signal = signal;
    },
    onOutcome: (outcome: Outcome) => {
      if (!this.feed.isWatched) return;
      const movement = movementOf(outcome);
      this.feed.tell("movement", { atMs: Math.round(this.options.wallMs(movement.apexMs)), movement });
    },
  } satisfies PipelineListener;

  /** An event is in the outbox. */
  raised(event: MicroExpressionEvent): void {
    this.feed.tell("event", event);
  }

  /** Begins to tell of motion. */
  start(): void {
    this.timer ??= setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** May be called twice. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private of(face: number): Latest {
    let latest = this.latest.get(face);
    if (latest === undefined) {
      latest = {};
      this.latest.set(face, latest);
    }
    return latest;
  }

  private tick(): void {
    if (this.latest.size === 0) return;
    const faces = [...this.latest].flatMap(([face, latest]) => this.tickOf(face, latest) ?? []);
    this.latest.clear();
    if (faces.length > 0) this.feed.show("motion", { faces });
  }

  private tickOf(face: number, { sample, observation, signal }: Latest): FaceTick | undefined {
    if (sample === undefined) return undefined;
    const { displacement, timeMs } = sample;
    const outline = this.options.outline && observation ? outlineOf(observation) : undefined;
    const regions = Array.from({ length: displacement.length / 2 }, (_, r) =>
      tenths(Math.hypot(displacement[2 * r] ?? 0, displacement[2 * r + 1] ?? 0)),
    );
    return {
      face,
      atMs: Math.round(this.options.wallMs(timeMs)),
      regions,
      ...(signal && { score: Number(signal.score.toFixed(3)), group: signal.group }),
      ...(outline && { outline }),
    };
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
