import type { Config } from "../config/index.js";
import { type Schedule, startSchedule } from "./schedules.js";

/** Publishes the state at the times of `schedule.heartbeat`, which may change. */
export class Heartbeat {
  private schedule: Schedule | undefined;
  private expression: string | undefined;

  constructor(
    private readonly beat: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Keeps to this configuration from now on. */
  follow({ schedule: { heartbeat: expression, timezone } }: Config): void {
    if (expression === this.expression) return;
    this.stop();
    this.expression = expression;
    this.schedule = startSchedule({
      name: "heartbeat",
      expression,
      timezone,
      run: this.beat,
      onError: this.onError,
    });
  }

  stop(): void {
    this.schedule?.stop();
    this.schedule = undefined;
  }
}
