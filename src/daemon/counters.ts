import type { MicroExpressionEvent, State } from "../contract/index.js";
import type { NoEvent } from "../pipeline/index.js";
import { StageTimer } from "./stage-timer.js";

/** Told of everything that is counted, when it is. */
export interface CountsListener {
  stage(stage: "face" | "motion" | "hsta", ms: number): void;
  movement(verdict: "event" | NoEvent | "no_session"): void;
  event(event: MicroExpressionEvent): void;
}

/** What the process has done since its start; sessions and days count for themselves. */
export class Counters {
  private readonly startedMs = performance.now();
  private readonly timer = new StageTimer(["face", "motion", "hsta"]);
  private readonly reasons = new Map<NoEvent | "no_session", number>();
  private events = 0;
  private runs = 0;
  private listener: CountsListener | undefined;

  /** Tells somebody else, too, from now on. */
  tell(listener: CountsListener): void {
    this.listener = listener;
  }

  /** The pipeline begins, for the first time or anew. */
  begun(): void {
    this.runs++;
  }

  /** A stage took so long on one frame or clip. */
  stage(stage: "face" | "motion" | "hsta", ms: number): void {
    this.timer.record(stage, ms);
    this.listener?.stage(stage, ms);
  }

  /** A movement raised no event. */
  suppressed(reason: NoEvent | "no_session"): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    this.listener?.movement(reason);
  }

  /** An event is in the outbox. */
  raised(event: MicroExpressionEvent): void {
    this.events++;
    this.listener?.movement("event");
    this.listener?.event(event);
  }

  /** All of it, as `state` says it. */
  read(): Pick<State, "uptimeS" | "watches" | "stagesMs" | "suppressed"> & Pick<State["events"], "raised"> {
    const stages = Object.entries(this.timer.summary());
    return {
      uptimeS: Math.round((performance.now() - this.startedMs) / 1000),
      watches: this.runs,
      stagesMs: Object.fromEntries(stages.map(([stage, { p50Ms, p95Ms }]) => [stage, { p50: p50Ms, p95: p95Ms }])),
      suppressed: Object.fromEntries(this.reasons),
      raised: this.events,
    };
  }
}
