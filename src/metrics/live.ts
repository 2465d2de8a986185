import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { MicroExpressionEvent } from "../contract/index.js";
import { NO_EVENT } from "./state/finding.js";

/** Stages of the pipeline whose time is taken. */
export type Stage = "face" | "motion" | "hsta";
/** What became of a movement that was noticed. */
export type Verdict = "event" | keyof typeof NO_EVENT;

const STAGES: readonly Stage[] = ["face", "motion", "hsta"];
/** In place of a class that the report level keeps back. */
const UNTOLD = "untold";
/** In place of a class that nobody announced: a label has only as many values as are known at the start. */
const OTHER = "other";
const STAGE_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const LATENCY_BUCKETS_S = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2, 5, 10];

/** What is counted when it happens, because `state` does not keep it. */
export class LiveMetrics {
  private readonly stages: ReadonlyMap<Stage, { observe(seconds: number): void }>;
  private readonly latency: Histogram;
  private readonly events: Counter<"class">;
  private readonly candidates: Counter;
  private readonly clockSteps: Counter;
  private readonly lastStep: Gauge;
  private readonly classes: ReadonlySet<string>;

  /** @param classes that an event may name, each counted from 0 */
  constructor(registry: Registry, classes: readonly string[]) {
    const registers = [registry];
    const stages = new Histogram({
      name: "flinch_stage_duration_seconds",
      help: "Time that a stage took on one frame (face, motion) or clip (hsta)",
      labelNames: ["stage"],
      buckets: STAGE_BUCKETS_S,
      registers,
    });
    this.stages = new Map(
      STAGES.map((stage) => {
        stages.zero({ stage });
        return [stage, stages.labels(stage)];
      }),
    );
    this.latency = new Histogram({
      name: "flinch_event_latency_seconds",
      help: "From the offset of an expression, when it was captured, to its event",
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    this.events = new Counter({
      name: "flinch_events_raised_total",
      help: "Micro-expression events, by class as far as recognition.report lets an event name it (else untold)",
      labelNames: ["class"],
      registers,
    });
    this.candidates = new Counter({
      name: "flinch_candidates_total",
      help: "Movements that the spotter took for a micro-expression, whether or not they became events",
      registers,
    });
    this.clockSteps = new Counter({
      name: "flinch_clock_steps_total",
      help: "Times that the wall clock was set by more than a second",
      registers,
    });
    this.lastStep = new Gauge({
      name: "flinch_clock_last_step_seconds",
      help: "By how much the wall clock was set last, negative for backwards; 0 if it never was",
      registers,
    });
    this.classes = new Set(classes);
    for (const each of classes) this.events.inc({ class: each }, 0);
  }

  stage(stage: Stage, ms: number): void {
    this.stages.get(stage)?.observe(ms / 1000);
  }

  event(event: MicroExpressionEvent): void {
    this.latency.observe(event.latencyMs.offset / 1000);
    const told = "label" in event ? event.label : UNTOLD;
    this.events.inc({ class: this.classes.has(told) || told === UNTOLD ? told : OTHER });
  }

  movement(verdict: Verdict): void {
    if (verdict === "event" || NO_EVENT[verdict]) this.candidates.inc();
  }

  clockStep(ms: number): void {
    this.clockSteps.inc();
    this.lastStep.set(ms / 1000);
  }
}

/** The classes that an event may name where the report level keeps every class back. */
export const UNTOLD_ONLY: readonly string[] = [UNTOLD];
